import type { ConfigModel } from '../model/config.ts';
import type { Exchange } from '../model/exchange.ts';
import type { LogDocument, LogNegotiation } from '../model/log.ts';
import type { EvidenceSet } from '../model/incident.ts';

/** One router of the evidence: what names it, where it sits, what it told. */
export type RouterIdentity = {
  name: string | null;
  /** The name that its logs print, which another may bear as well. */
  readonly hostname: string | null;
  readonly addresses: Set<string>;
  /** Those of others under which an attempt shows it: a translator's, or one that it was leased. */
  readonly seenAs: Set<string>;
  readonly inputs: Set<string>;
  config: ConfigModel | null;
  /** Its configurations, in the order given, if there are several of different times. */
  readonly versions: ConfigModel[];
  /** Negotiations of its logs. */
  readonly negotiations: { readonly log: LogNegotiation; readonly document: LogDocument }[];
};

const newRouter = (name: string | null, hostname: string | null = name): RouterIdentity => ({
  name,
  hostname,
  addresses: new Set(),
  seenAs: new Set(),
  inputs: new Set(),
  config: null,
  versions: [],
  negotiations: [],
});

const sameName = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && a.toLowerCase() === b.toLowerCase();

/** Of all interfaces, as configured. */
export const interfaceAddresses = (config: ConfigModel): readonly string[] =>
  config.interfaces.flatMap((entry) => entry.addresses.map((address) => address.address));

const isSelecting = (config: ConfigModel): boolean =>
  config.keyrings.length +
    config.profiles.length +
    config.ikev2Profiles.length +
    config.policies.length >
  0;

function toNumber(address: string): number | null {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** An IPv4 address in a prefix; other families by equality. */
export function covers(network: string, prefixLength: number | null, address: string): boolean {
  if (network === address) return true;
  const left = toNumber(network);
  const right = toNumber(address);
  if (left === null || right === null || prefixLength === null) return false;
  const size = 2 ** (32 - prefixLength);
  return Math.floor(left / size) === Math.floor(right / size);
}

/** How plainly a configuration speaks of a peer: its tunnel or map points there, or a key covers it. */
export function speaksOf(config: ConfigModel, peer: string): number {
  const pointed =
    config.interfaces.some((entry) => entry.tunnel?.destination?.value === peer) ||
    config.cryptoMaps.some((map) =>
      map.entries.some((entry) => entry.peers.some((p) => p.value === peer)),
    );
  if (pointed) return 1000;
  const lengths = config.keyrings.flatMap((keyring) =>
    keyring.entries
      .filter(
        (entry) => entry.kind === 'address' && covers(entry.address, entry.prefixLength, peer),
      )
      .map((entry) => 1 + (entry.prefixLength ?? 0)),
  );
  const matched = config.profiles.flatMap((profile) =>
    profile.matches
      .filter((entry) => entry.kind === 'address' && covers(entry.value, entry.prefixLength, peer))
      .map((entry) => 1 + (entry.prefixLength ?? 0)),
  );
  return Math.max(0, ...lengths, ...matched);
}

/** Names that the log prints and the configuration defines. */
function namesInCommon(config: ConfigModel, log: LogNegotiation): number {
  const keyrings = new Set<string>([
    ...config.keyrings.map((entry) => entry.name),
    ...config.ikev2Keyrings.map((entry) => entry.name),
  ]);
  const profiles = new Set<string>([
    ...config.profiles.map((entry) => entry.name),
    ...config.ikev2Profiles.map((entry) => entry.name),
  ]);
  const printed = [
    ...log.keyringSelections
      .map((entry) => entry.keyring)
      .filter((name) => name !== null && keyrings.has(name)),
    ...[log.saRequestProfile?.name, log.profileMatched?.name].filter(
      (name) => name !== undefined && name !== null && profiles.has(name),
    ),
  ];
  return new Set(printed).size;
}

/** The name that an input was assigned to. */
export function nameOfInput(evidence: EvidenceSet, input: string): string | null {
  return evidence.inputs.find((entry) => entry.id === input)?.router ?? null;
}

/** A log is of one configuration when addresses agree, or when it prints its names and speaks of its peers. */
function affinity(config: ConfigModel, logs: readonly LogNegotiation[]): number {
  const addresses = new Set(interfaceAddresses(config));
  let score = 0;
  for (const log of logs) {
    if (log.localAddress !== null && addresses.has(log.localAddress)) score += 10_000;
    score += 100 * namesInCommon(config, log);
    if (log.peerAddress !== null && speaksOf(config, log.peerAddress) > 0) score += 1;
    // A configuration that owns the peer's address is the other router's.
    if (log.peerAddress !== null && addresses.has(log.peerAddress)) score -= 20_000;
  }
  return score;
}

/** A request that joined an attempt already under way: nothing was sent, searched or decided, and the peer has no SPI. */
const isEmpty = (log: LogNegotiation): boolean =>
  log.failingStep === null &&
  log.packets.length === 0 &&
  log.statePath.length === 0 &&
  (log.ikeVersion === 2
    ? log.outcome === 'incomplete' && log.responderCookie === null
    : log.phase1 === 'not-started' && log.keyringSelections.length === 0);

/**
 * No router is its own peer. A log that has the address of the one for its peer is another's, whatever the prompt says;
 * so is one whose peer an exchange shows as the other end of the one's peer.
 */
const isPeerOf = (
  log: LogNegotiation,
  router: RouterIdentity,
  exchanges: EvidenceSet['exchanges'],
): boolean =>
  (log.peerAddress !== null && router.addresses.has(log.peerAddress)) ||
  router.negotiations.some(
    ({ log: other }) =>
      other.peerAddress !== null &&
      (other.peerAddress === log.localAddress ||
        exchanges.some((exchange) => areEnds(log, other, exchange))),
  );

/** Whether each is the peer of the other in this exchange. */
function areEnds(
  a: LogNegotiation,
  b: LogNegotiation,
  { initiator, responder }: Exchange,
): boolean {
  if (a.role === b.role || a.peerAddress === b.peerAddress) return false;
  const [calls, answers] = a.role === 'initiator' ? [a, b] : [b, a];
  return calls.peerAddress === responder.address && answers.peerAddress === initiator.address;
}

/** A name of its own for one that bears that of another. */
function freeName(name: string | null, routers: readonly RouterIdentity[]): string | null {
  const bearers = routers.filter((router) => sameName(router.hostname, name)).length;
  return name === null || bearers === 0 ? name : `${name} (${bearers + 1})`;
}

/** Finds the routers and gives each its logs, its configuration and its addresses. Order: first logs, then configurations. */
export function findRouters(evidence: EvidenceSet): RouterIdentity[] {
  const routers: RouterIdentity[] = [];
  /** Two speakers of one paste are two routers, named or not. */
  const speakers = new Map<string, RouterIdentity>();

  for (const document of evidence.logs) {
    const told = new Set(document.negotiations.map((log) => log.router));
    const assigned = told.size <= 1 ? nameOfInput(evidence, document.input) : null;
    for (const log of document.negotiations) {
      if (isEmpty(log) && document.negotiations.some((other) => other !== log)) continue;
      const name = assigned ?? log.router;
      const speaker = `${document.input} ${log.speaker}`;
      const known =
        speakers.get(speaker) ??
        routers.find(
          (router) =>
            sameName(router.hostname ?? router.name, name) &&
            (router.inputs.has(document.input) || !isPeerOf(log, router, evidence.exchanges)),
        ) ??
        routers.find(
          (router) =>
            (router.name === null || name === null) &&
            log.localAddress !== null &&
            router.addresses.has(log.localAddress),
        );
      const router = known ?? newRouter(freeName(name, routers), name);
      if (known === undefined) routers.push(router);
      speakers.set(speaker, router);
      router.name ??= name;
      router.negotiations.push({ log, document });
      router.inputs.add(document.input);
      if (log.localAddress !== null) router.addresses.add(log.localAddress);
    }
    // A log without a single negotiation still belongs to somebody.
    if (document.negotiations.length === 0) {
      const name = nameOfInput(evidence, document.input) ?? document.routers[0]?.name ?? null;
      const known = routers.find((router) => sameName(router.name, name));
      (known ?? (name === null ? null : routers[routers.push(newRouter(name)) - 1]!))?.inputs.add(
        document.input,
      );
    }
  }

  const configs = evidence.configs.filter(isSelecting);
  const free: ConfigModel[] = [];
  for (const config of configs) {
    const name = nameOfInput(evidence, config.input) ?? config.hostname;
    const named = routers.find((router) => sameName(router.name, name));
    if (named !== undefined && (named.config === null || isVersion(config, named.config)))
      attach(named, config, name);
    else free.push(config);
  }
  for (const config of free) {
    const name = nameOfInput(evidence, config.input) ?? config.hostname;
    const open = routers.filter(
      (router) => router.config === null && (router.name === null || name === null),
    );
    const scored = open
      .map((router) => ({
        router,
        score: affinity(
          config,
          router.negotiations.map((entry) => entry.log),
        ),
      }))
      .filter((entry) => entry.score > 0)
      .sort((a, b) => b.score - a.score);
    const best = scored[0];
    if (best !== undefined && best.score !== scored[1]?.score) attach(best.router, config, name);
    else {
      const router = newRouter(name);
      attach(router, config, name);
      routers.push(router);
    }
  }
  return routers;
}

/** A later or earlier listing of the same router: of its name, and with an address of its own. */
function isVersion(config: ConfigModel, other: ConfigModel): boolean {
  const held = new Set(interfaceAddresses(other));
  return interfaceAddresses(config).some((address) => held.has(address));
}

function attach(router: RouterIdentity, config: ConfigModel, name: string | null): void {
  router.config ??= config;
  router.versions.push(config);
  router.name ??= name;
  router.inputs.add(config.input);
  for (const address of interfaceAddresses(config)) router.addresses.add(address);
}
