import { noSettings, type CaseSettings } from '../../intake/case.ts';
import type { CaseContent, Source } from '../protocol.ts';

/** What the user has given, as the page holds it. Every change makes a new value. */

export type PasteBox = {
  readonly key: string;
  readonly router: string;
  readonly text: string;
  readonly revision: number;
};

export type GivenFile = {
  readonly key: string;
  readonly path: string;
  readonly router: string | null;
  readonly as: Source['as'];
  readonly content: Blob;
};

export type Evidence = {
  readonly boxes: readonly PasteBox[];
  readonly files: readonly GivenFile[];
  /** Candidate keys, one a line. */
  readonly keys: string;
  readonly keysRevision: number;
  readonly settings: CaseSettings;
  readonly made: number;
};

const emptyBox = (number: number): PasteBox => ({
  key: `box-${number}`,
  router: '',
  text: '',
  revision: 0,
});

export const noEvidence: Evidence = {
  boxes: [emptyBox(1), emptyBox(2)],
  files: [],
  keys: '',
  keysRevision: 0,
  settings: noSettings,
  made: 2,
};

export function addBox(evidence: Evidence): Evidence {
  const made = evidence.made + 1;
  return { ...evidence, made, boxes: [...evidence.boxes, emptyBox(made)] };
}

export function changeBox(
  evidence: Evidence,
  key: string,
  change: Partial<Pick<PasteBox, 'router' | 'text'>>,
): Evidence {
  return {
    ...evidence,
    boxes: evidence.boxes.map((box) =>
      box.key === key ? { ...box, ...change, revision: box.revision + 1 } : box,
    ),
  };
}

/** What the user says of a file that does not say it itself. */
export function changeFile(
  evidence: Evidence,
  key: string,
  change: Partial<Pick<GivenFile, 'router' | 'as'>>,
): Evidence {
  return {
    ...evidence,
    files: evidence.files.map((file) => (file.key === key ? { ...file, ...change } : file)),
  };
}

export function removeSource(evidence: Evidence, key: string): Evidence {
  return {
    ...evidence,
    boxes: evidence.boxes.filter((box) => box.key !== key),
    files: evidence.files.filter((file) => file.key !== key),
  };
}

export function addFiles(evidence: Evidence, files: readonly File[]): Evidence {
  const made = files.map((file, index) => ({
    key: `file-${evidence.made + index + 1}`,
    path: file.name,
    router: null,
    as: 'evidence' as const,
    content: file,
  }));
  return {
    ...evidence,
    made: evidence.made + files.length,
    files: [...evidence.files, ...made],
  };
}

const keysPath = 'candidate-keys.txt';

/** A case takes the place of whatever was there. */
export function openCase({ settings, inputs }: CaseContent): Evidence {
  const isTyped = ({ as, path }: { as: Source['as']; path: string }): boolean =>
    as === 'psk-list' && path === keysPath;
  const typed = inputs.find(isTyped);
  return {
    ...noEvidence,
    boxes: [emptyBox(1)],
    settings,
    made: 2 + inputs.length,
    keys: typed === undefined ? '' : new TextDecoder().decode(typed.content),
    files: inputs
      .filter((input) => !isTyped(input))
      .map(({ path, router, as, content }, index) => ({
        key: `file-${index + 3}`,
        path,
        router,
        as,
        content: new Blob([content as Uint8Array<ArrayBuffer>]),
      })),
  };
}

/** What there is to analyse, in the order in which the command line would be given it. */
export function sourcesOf({ files, boxes, keys, keysRevision }: Evidence): readonly Source[] {
  const pasted = boxes.filter(({ text }) => text.trim() !== '');
  return [
    ...files.map((file) => ({ ...file, revision: 0 })),
    ...pasted.map(({ key, router, text, revision }): Source => {
      const name = router.trim();
      const number = boxes.findIndex((box) => box.key === key) + 1;
      return {
        key,
        revision,
        path: name === '' ? `paste-${number}.txt` : `${name}-paste.txt`,
        router: name === '' ? null : name,
        as: 'evidence',
        content: new Blob([text]),
      };
    }),
    ...(keys.trim() === ''
      ? []
      : [
          {
            key: 'keys',
            revision: keysRevision,
            path: keysPath,
            router: null,
            as: 'psk-list' as const,
            content: new Blob([keys]),
          },
        ]),
  ];
}
