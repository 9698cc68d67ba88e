export type TextAnomalyCode = 'line-too-long' | 'text-too-long';

/** Faults of logs, configurations and show output. The sentence completes "At octet N: …". */
export const textAnomalies: Readonly<Record<TextAnomalyCode, string>> = {
  'line-too-long': 'the line is longer than can be a log line and was not searched',
  'text-too-long': 'the text is longer than can be held at once; what follows was not read',
};
