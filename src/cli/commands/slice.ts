import { readWire } from '../../intake/wire.ts';
import type { CaptureDecoding, Packet } from '../../model/capture.ts';
import {
  chooseExchanges,
  espSpisOf,
  framesOf,
  writeSlice,
  type SliceChoice,
} from '../../exchange/slice.ts';
import { toolVersion } from '../../model/tool.ts';
import { defaultPorts } from '../../net/candidate.ts';
import { createEspTest } from '../../net/esp-test.ts';
import { createCaptureReader } from '../../pcap/reader.ts';
import { typedCandidates } from '../candidates.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { readCaptures } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import { protectInputs, readInto, writeWhole } from '../files.ts';
import { evidencePaths, filesRead, flag, list, readSharedOptions, single } from '../options.ts';

export const sliceCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const paths = evidencePaths(args, 'capture');
  const target = single(args, 'write');
  if (target === null) throw new UsageError('slice: name the file to write with -w OUT.pcapng');
  if (target === '-')
    throw new UsageError('slice: a capture is not written to standard output; name a file with -w');
  protectInputs(target, filesRead(options, paths), io);
  const withEsp = flag(args, 'esp');
  if (withEsp && paths.includes('-'))
    throw new UsageError(
      'slice: --esp reads the capture twice, which standard input does not allow',
    );

  const inputs = (await readCaptures(paths, options, io)).map(({ input }) => input);
  const wire = readWire(inputs, typedCandidates(options));
  const nanoseconds = (ms: number | null): bigint | null =>
    ms === null ? null : BigInt(ms) * 1_000_000n;
  const choice: SliceChoice = {
    exchanges: list(args, 'exchange'),
    peers: options.peer === null ? [] : [options.peer],
    since: nanoseconds(options.since),
    until: nanoseconds(options.until),
  };
  const unknown = choice.exchanges.find(
    (id) => !wire.exchanges.some((exchange) => exchange.id === id),
  );
  if (unknown !== undefined)
    throw new UsageError(`slice: no exchange ${unknown}; decode lists them`);
  const chosen = chooseExchanges(wire.exchanges, choice);
  const captures = inputs.flatMap(({ path, capture, captureIndex }) =>
    capture !== null && captureIndex !== null ? [{ path, capture, captureIndex }] : [],
  );
  const spis = withEsp
    ? espSpisOf(
        chosen,
        captures.map(({ capture }) => capture),
      )
    : new Set<number>();
  const sources: { decoding: CaptureDecoding; packets: Packet[] }[] = [];
  for (const { path, capture, captureIndex } of captures) {
    const frames = framesOf(chosen, captureIndex, choice);
    const packets = capture.packets.filter(({ frame }) => frames.has(frame));
    if (spis.size > 0) {
      const isEsp = createEspTest({ ports: [...defaultPorts, ...options.ports], spis });
      const reader = createCaptureReader(isEsp, (packet) => {
        if (!frames.has(packet.frame)) packets.push(packet);
      });
      await readInto(path, reader, io);
      reader.end();
    }
    sources.push({ decoding: capture, packets });
  }
  const count = sources.reduce((total, { packets }) => total + packets.length, 0);
  if (count === 0)
    throw new UsageError('slice: nothing is left to write; decode lists the exchanges');
  writeWhole(target, [...writeSlice(sources, `ike-autopsy ${toolVersion}`)], io);
  if (!options.quiet) {
    await io.stderr.tell(`wrote ${count} packets of ${chosen.length} exchanges to ${target}`);
  }
  return exitCodes.noFailure;
};
