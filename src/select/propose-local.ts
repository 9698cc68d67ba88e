import type { Interface, Keyring, LocalAddress } from '../model/config.ts';
import type { KeyChoice } from '../model/selection.ts';
import { present, ringBlock, users } from './candidates.ts';
import type { Bench, Benches, Candidate } from './candidates.ts';
import type { Edit } from './edit.ts';
import { coveringKeys, keyIndex } from './key-index.ts';
import { servesLocal, tablesOf } from './lookup.ts';
import { tunnelsOf, tunnelsTo } from './tunnels.ts';

/** The keyring that wins is tied to the local address of its own tunnels. */
export function tieToLocal(bench: Bench, used: KeyChoice): Candidate | null {
  const { model, router, local } = bench;
  const ring = model.keyrings.find(({ name }) => name === used.keyring);
  if (ring === undefined || ring.name === 'default' || ring.localAddress !== null) return null;
  const profiles = new Set(users(bench, ring.name).map(({ name: own }) => own));
  const locals = new Set(
    tunnelsOf(model)
      .filter(({ isakmpProfile }) => isakmpProfile !== null && profiles.has(isakmpProfile.name))
      .map((tunnel) => tunnel.local),
  );
  const [own] = [...locals];
  if (locals.size !== 1 || own === undefined || own === null || own === local) return null;
  return {
    text: `Let keyring ${ring.name} serve its own local address ${own} only.`,
    edits: [{ router, block: [ringBlock(ring)], command: `local-address ${own}` }],
    keeps: ['keys'],
    sideEffects: [],
  };
}

/** A keyring that holds a key for the peer and serves another local address. */
export function freeRing(own: Bench, ring: Keyring): readonly Candidate[] {
  const bound = ring.localAddress;
  if (bound === null || servesLocal(own.model, bound, own.local)) return [];
  return present([
    exchangeLocal(own, ring, bound),
    own.local === null
      ? null
      : {
          text: `Let keyring ${ring.name} serve local address ${own.local} in place of ${bound.value}.`,
          edits: [serve(own, ring, { ...bound, value: own.local })],
          keeps: ['keys'],
          sideEffects: [
            `Peers that call ${bound.value} find no key in keyring ${ring.name} any more.`,
          ],
        },
    {
      text: `Let keyring ${ring.name} serve every local address, not ${bound.value} alone.`,
      edits: [
        {
          router: own.router,
          block: [ringBlock(ring)],
          command: `no local-address ${written(bound)}`,
        },
      ],
      keeps: ['keys'],
      sideEffects: [],
    },
  ]);
}

/** Another keyring for the same peer holds the local address that this one needs: the two were exchanged. */
function exchangeLocal(own: Bench, ring: Keyring, bound: LocalAddress): Candidate | null {
  const other = coveringKeys(keyIndex(own.model), own.peer)
    .map((key) => key.ring)
    .find(
      ({ name, vrf, localAddress }) =>
        name !== ring.name &&
        vrf === ring.vrf &&
        localAddress !== null &&
        servesLocal(own.model, localAddress, own.local),
    );
  if (other?.localAddress == null) return null;
  const theirs = other.localAddress;
  const edits = [serve(own, ring, theirs), serve(own, other, bound)];
  return {
    text: `Exchange the local addresses of keyrings ${ring.name} and ${other.name}: ${ring.name} serves ${theirs.value}, ${other.name} serves ${bound.value}.`,
    edits,
    keeps: ['keys'],
    sideEffects: [],
    needs: edits,
  };
}

function serve({ router }: Bench, ring: Keyring, local: LocalAddress): Edit {
  return { router, block: [ringBlock(ring)], command: `local-address ${written(local)}` };
}

function written({ value, vrf }: LocalAddress): string {
  return vrf === null ? value : `${value} ${vrf}`;
}

/** A crypto map calls from another address than the one by which the other side knows its router. */
export function forLocalAddress({ initiator, responder }: Benches): readonly Candidate[] {
  const change = (own: Bench, far: Bench): Candidate | null => {
    const [tunnel] = tunnelsTo(own.model, own.peer);
    const map = own.model.cryptoMaps.find(({ entries }) =>
      entries.some(({ line }) => line === tunnel?.line),
    );
    const owners = tablesOf(own.model).owners;
    const [known] = tunnelsOf(far.model).flatMap(({ peer }) => owners.get(peer ?? '') ?? []);
    if (map === undefined || known === undefined) return null;
    const applied = own.model.interfaces.filter(({ cryptoMap }) => cryptoMap?.name === map.name);
    const leaves = map.localAddressInterface === null && !/^Loopback/i.test(known.name);
    if (leaves && !applied.includes(known)) return moveMap(own, far, map.name, applied, known.name);
    return {
      text: `Let crypto map ${map.name} of ${own.name} use the address of ${known.name}, by which ${far.name} knows it.`,
      edits: [
        {
          router: own.router,
          block: [],
          command: `crypto map ${map.name} local-address ${known.name}`,
        },
      ],
      keeps: ['keys'],
      sideEffects: [`Every peer of crypto map ${map.name} sees that address.`],
    };
  };
  return present([change(initiator, responder), change(responder, initiator)]);
}

/** What is addressed from another interface leaves by another one too: the map belongs there. */
function moveMap(
  { router, name }: Bench,
  far: Bench,
  map: string,
  from: readonly Interface[],
  to: string,
): Candidate {
  const edits = [
    ...from.map(({ name: held }) => ({
      router,
      block: [`interface ${held}`],
      command: `no crypto map ${map}`,
    })),
    { router, block: [`interface ${to}`], command: `crypto map ${map}` },
  ];
  return {
    text: `Apply crypto map ${map} of ${name} to ${to}, by whose address ${far.name} knows it, and no longer to ${from.map((each) => each.name).join(' or ')}.`,
    edits,
    keeps: ['keys'],
    sideEffects: [`Every peer of crypto map ${map} is called from ${to}.`],
    needs: edits,
  };
}
