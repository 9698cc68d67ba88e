import { octetsOf } from './unpack.ts';

export type Sample = {
  readonly name: string;
  readonly about: string;
  /** A case file. */
  readonly content: () => Blob;
};

/** The samples that the page carries: a list of names, sentences and case files in base64. */
export function samplesOf(json: string): readonly Sample[] {
  const carried = JSON.parse(json) as readonly {
    readonly name: string;
    readonly about: string;
    readonly base64: string;
  }[];
  return carried.map(({ name, about, base64 }) => ({
    name,
    about,
    content: () => new Blob([octetsOf(base64)]),
  }));
}
