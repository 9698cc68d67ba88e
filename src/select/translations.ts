import { covers, isPrivate } from '../iosconfig/address.ts';
import type { ConfigModel } from '../model/config.ts';
import { permitsIke } from './access-list.ts';
import { interfaceNamed, tablesOf } from './lookup.ts';
import { tunnelsOf } from './tunnels.ts';

type Static = { readonly inside: string; readonly outside: string };

/** What translates addresses between the routers given: any of them may stand between two others. */
export type Translations = {
  readonly models: readonly ConfigModel[];
  readonly statics: readonly Static[];
};

export function translationsOf(models: readonly ConfigModel[]): Translations {
  return { models, statics: models.flatMap(staticsOf) };
}

/** Static translations that IKE passes. */
function staticsOf(model: ConfigModel): readonly Static[] {
  return model.natStatics
    .filter(
      ({ protocol, outsidePort }) =>
        protocol === null || (protocol === 'udp' && (outsidePort === 500 || outsidePort === 4500)),
    )
    .map(({ inside, outside }) => ({ inside, outside: addressAt(model, outside) ?? outside }));
}

function addressAt(model: ConfigModel, name: string): string | null {
  return interfaceNamed(model, name)?.addresses[0]?.address ?? null;
}

export function insideOf({ statics }: Translations, address: string): string {
  return statics.find(({ outside }) => outside === address)?.inside ?? address;
}

/** The address from which a call arrives; null when it is translated to one that no configuration tells. */
export function arrivesFrom(
  translations: Translations,
  [initiator, responder]: readonly [ConfigModel, ConfigModel],
  local: string,
  peer: string,
): string | null {
  const peers = tunnelsOf(responder).map((tunnel) => tunnel.peer);
  if (peers.includes(local)) return local;
  const fixed = translations.statics.filter(({ inside }) => inside === local);
  const named = fixed.find(({ outside }) => peers.includes(outside)) ?? fixed[0];
  if (named !== undefined) return named.outside;
  const between = translations.models.filter((each) => each !== initiator && each !== responder);
  const hiding = between.flatMap((each) => overloadsOf(each, local, peer));
  if (hiding.length > 0) return new Set(hiding).size === 1 ? hiding[0]! : null;
  return isHiddenUnseen(translations.models, responder, local, peer) ? null : local;
}

/** Addresses behind which a router hides one of its inside networks; null for one that it does not show. */
function overloadsOf(model: ConfigModel, local: string, peer: string): readonly (string | null)[] {
  if (!isInside(model, local)) return [];
  return model.natOverloads.flatMap(({ list, outside }) => {
    const permitted = tablesOf(model).accessLists.get(list);
    return permitted !== undefined && permitsIke(permitted, local, peer)
      ? [addressAt(model, outside)]
      : [];
  });
}

function isInside(model: ConfigModel, local: string): boolean {
  return model.interfaces.some(
    ({ nat, addresses }) =>
      nat === 'inside' &&
      addresses.some(
        ({ address, prefixLength }) =>
          prefixLength !== null && covers(address, prefixLength, local),
      ),
  );
}

/**
 * A private address calls a public one, and the responder knows it by another public one, of nobody that is given. If it
 * names a private one of nobody as well, private addresses reach it, and that may be a slip of the pen.
 */
function isHiddenUnseen(
  models: readonly ConfigModel[],
  responder: ConfigModel,
  local: string,
  peer: string,
): boolean {
  if (!isPrivate(local) || isPrivate(peer)) return false;
  const hosts = responder.keyrings.flatMap(({ entries }) =>
    entries.filter(({ kind, prefixLength }) => kind === 'address' && prefixLength === 32),
  );
  const named = [...strangersOf(models, responder), ...hosts.map(({ address }) => address)];
  const strangers = named.filter((address) => !isOwned(models, responder, address));
  return (
    !named.includes(local) &&
    strangers.length > 0 &&
    strangers.every((address) => !isPrivate(address))
  );
}

/** Peers of a router that none of the routers given is, as far as they take part in IKE. */
export function strangersOf(models: readonly ConfigModel[], model: ConfigModel): readonly string[] {
  return tunnelsOf(model).flatMap(({ peer }) =>
    peer === null || isOwned(models, model, peer) ? [] : [peer],
  );
}

function isOwned(models: readonly ConfigModel[], caller: ConfigModel, address: string): boolean {
  return models.some(
    (model) =>
      !onlyTranslates(models, model, caller) &&
      (tablesOf(model).owners.has(address) ||
        tunnelsOf(model).some(({ local }) => local === address)),
  );
}

/**
 * A router that translates addresses, has no part in IKE, and hides another router given: who calls it means that one.
 * Any remnant of IPsec tells of a router that has lost its part in IKE.
 */
export function onlyTranslates(
  models: readonly ConfigModel[],
  model: ConfigModel,
  caller: ConfigModel,
): boolean {
  return (
    [
      model.policies,
      model.keyrings,
      model.profiles,
      model.ikev2Profiles,
      model.transformSets,
      model.ipsecProfiles,
      model.cryptoMaps,
      model.dynamicMaps,
    ].every((held) => held.length === 0) &&
    model.interfaces.every(
      ({ tunnel, cryptoMap }) => tunnel?.ipsecProfile == null && cryptoMap === null,
    ) &&
    models.some(
      (each) =>
        each !== model &&
        each !== caller &&
        each.interfaces.some(({ addresses }) =>
          addresses.some(({ address }) => isInside(model, address)),
        ),
    )
  );
}
