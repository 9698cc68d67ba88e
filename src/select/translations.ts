import type { ConfigModel } from '../model/config.ts';
import { interfaceNamed } from './lookup.ts';
import { tunnelsOf } from './tunnels.ts';

export type Translation = { readonly inside: string; readonly outside: string };

/** Static translations that IKE passes, of every router given: any of them may stand between two others. */
export function translationsOf(models: readonly ConfigModel[]): readonly Translation[] {
  return models.flatMap((model) =>
    model.natStatics
      .filter(
        ({ protocol, outsidePort }) =>
          protocol === null ||
          (protocol === 'udp' && (outsidePort === 500 || outsidePort === 4500)),
      )
      .map(({ inside, outside }) => ({
        inside,
        outside: interfaceNamed(model, outside)?.addresses[0]?.address ?? outside,
      })),
  );
}

/** The outside address of a router behind a static translation, unless the responder names the inside one. */
export function outsideOf(
  translations: readonly Translation[],
  responder: ConfigModel,
  local: string,
): string | null {
  const peers = tunnelsOf(responder).map(({ peer }) => peer);
  const passed = translations.filter(({ inside }) => inside === local);
  const named = passed.find(({ outside }) => peers.includes(outside)) ?? passed[0];
  return named === undefined || peers.includes(local) ? null : named.outside;
}

export function insideOf(translations: readonly Translation[], address: string): string {
  return translations.find(({ outside }) => outside === address)?.inside ?? address;
}
