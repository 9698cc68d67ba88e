import type { ConfigModel, Interface, TemplateUse } from '../model/config.ts';

/** `Virtual-Template7` is number 7; null for every other interface. */
export function templateNumber(name: string): number | null {
  const found = /^Virtual-Template(\d+)$/i.exec(name);
  return found === null ? null : Number(found[1]);
}

export function templateName({ number }: Pick<TemplateUse, 'number'>): string {
  return `Virtual-Template${String(number)}`;
}

/** Whether an IKEv2 profile clones the template in whatever mode the caller asks for. */
export function takesModeOfCaller(model: ConfigModel, { name }: Interface): boolean {
  const number = templateNumber(name);
  return (
    number !== null &&
    model.ikev2Profiles.some(
      ({ virtualTemplate }) => virtualTemplate?.number === number && virtualTemplate.isAuto,
    )
  );
}
