import type { Rule } from '../rule.ts';
import { aggressiveModeRejected } from './aggressive-mode-rejected.ts';
import { aggressiveProbe } from './aggressive-probe.ts';
import { captureOneSided } from './capture-one-sided.ts';
import { captureTruncated } from './capture-truncated.ts';
import { certificateInvalid } from './certificate-invalid.ts';
import { certificateTrustpointMismatch } from './certificate-trustpoint-mismatch.ts';
import { clocksDisagree } from './clocks-disagree.ts';
import { debugTooShallow } from './debug-too-shallow.ts';
import { defaultKeyringShadows } from './default-keyring-shadows.ts';
import { deletedByPeer } from './deleted-by-peer.ts';
import { dpdPeerDead } from './dpd-peer-dead.ts';
import { duplicateInitialContact } from './duplicate-initial-contact.ts';
import { exchangeModeMismatch } from './exchange-mode-mismatch.ts';
import { fragmentsLost } from './fragments-lost.ts';
import { halfOpen } from './half-open.ts';
import { identityMismatch } from './identity-mismatch.ts';
import { ikePolicyMismatch } from './ike-policy-mismatch.ts';
import { ikeVersionMismatch } from './ike-version-mismatch.ts';
import { ikev2AuthFailed } from './ikev2-auth-failed.ts';
import { ikev2InvalidKe } from './ikev2-invalid-ke.ts';
import { ikev2NoProposalChosen } from './ikev2-no-proposal-chosen.ts';
import { ikev2ProfileNotFound } from './ikev2-profile-not-found.ts';
import { ikev2TsUnacceptable } from './ikev2-ts-unacceptable.ts';
import { inconclusive } from './inconclusive.ts';
import { invalidSpi } from './invalid-spi.ts';
import { keyringAmbiguous } from './keyring-ambiguous.ts';
import { keyringMismatchAfterMm5 } from './keyring-mismatch-after-mm5.ts';
import { keyringMismatchAfterMm6 } from './keyring-mismatch-after-mm6.ts';
import { keyringMissingFromProfile } from './keyring-missing-from-profile.ts';
import { keyringVrfMismatch } from './keyring-vrf-mismatch.ts';
import { logContradictsCapture } from './log-contradicts-capture.ts';
import { logOutsideCapture } from './log-outside-capture.ts';
import { mm3Lost } from './mm3-lost.ts';
import { mm5Lost } from './mm5-lost.ts';
import { mm5Unanswered } from './mm5-unanswered.ts';
import { mm6Lost } from './mm6-lost.ts';
import { modeConfigFailed } from './mode-config-failed.ts';
import { natTBlocked } from './nat-t-blocked.ts';
import { noPskForPeer } from './no-psk-for-peer.ts';
import { oneDirectionOnly } from './one-direction-only.ts';
import { peerUnreachable } from './peer-unreachable.ts';
import { pfsMismatch } from './pfs-mismatch.ts';
import { profileMismatchPhase2 } from './profile-mismatch-phase2.ts';
import { profileNotMatched } from './profile-not-matched.ts';
import { profileOverlap } from './profile-overlap.ts';
import { proxyIdentityMismatch } from './proxy-identity-mismatch.ts';
import { pskMismatch } from './psk-mismatch.ts';
import { rekeyCollision } from './rekey-collision.ts';
import { transformSetMismatch } from './transform-set-mismatch.ts';
import { tunnelUp } from './tunnel-up.ts';
import { undefinedName } from './undefined-name.ts';
import { configurationContradictsLog } from './configuration-contradicts-log.ts';
import { configurationNotModelled } from './configuration-not-modelled.ts';
import { unusedName } from './unused-name.ts';
import { weakAlgorithm } from './weak-algorithm.ts';
import { xauthFailed } from './xauth-failed.ts';

/** Every rule, the earliest cause first: of several failures in one attempt the first in this list is named. */
export const rules: readonly Rule[] = [
  noPskForPeer,
  ikev2ProfileNotFound,
  keyringMismatchAfterMm5,
  pskMismatch,
  keyringMismatchAfterMm6,
  certificateTrustpointMismatch,
  certificateInvalid,
  identityMismatch,
  profileMismatchPhase2,
  profileNotMatched,
  aggressiveModeRejected,
  ikeVersionMismatch,
  exchangeModeMismatch,
  ikePolicyMismatch,
  ikev2NoProposalChosen,
  ikev2InvalidKe,
  ikev2AuthFailed,
  ikev2TsUnacceptable,
  pfsMismatch,
  proxyIdentityMismatch,
  transformSetMismatch,
  xauthFailed,
  modeConfigFailed,
  mm6Lost,
  mm5Lost,
  natTBlocked,
  fragmentsLost,
  mm3Lost,
  mm5Unanswered,
  peerUnreachable,
  dpdPeerDead,
  defaultKeyringShadows,
  keyringAmbiguous,
  profileOverlap,
  keyringMissingFromProfile,
  keyringVrfMismatch,
  oneDirectionOnly,
  configurationContradictsLog,
  logContradictsCapture,
  logOutsideCapture,
  undefinedName,
  duplicateInitialContact,
  invalidSpi,
  captureTruncated,
  aggressiveProbe,
  halfOpen,
  tunnelUp,
  deletedByPeer,
  rekeyCollision,
  captureOneSided,
  debugTooShallow,
  unusedName,
  configurationNotModelled,
  weakAlgorithm,
  clocksDisagree,
  inconclusive,
];
