import type { Context } from './context.ts';
import { record } from './facts.ts';
import { isEngineOnly, type Stream } from './stream.ts';
import { text, type TrackedLine } from './tracked-line.ts';

/** The key engine asks for an SA, and ISAKMP says what it does: nothing but lines of another window comes between. */
const mostBetween = 12;
const mostPending = 16;

/** The key engine asks for an SA with a peer. */
export function ask(stream: Stream, line: TrackedLine): void {
  const { request } = stream;
  const remote = text(line.fields.remote);
  stream.requestsBefore = stream.requestsBefore.filter(
    ({ event, fields }) => line.event - event <= mostBetween && fields.remote !== remote,
  );
  const isOther = request !== null && request.fields.remote !== line.fields.remote;
  if (
    isOther &&
    line.event - request.event <= mostBetween &&
    stream.requestsBefore.length < mostPending
  )
    stream.requestsBefore.push(request);
  stream.request = { ...line };
}

/** There is a request that no attempt was given. */
export const hasRequest = ({ request, requestsBefore }: Stream): boolean =>
  request !== null || requestsBefore.length > 0;

/** What an attempt with this peer was asked for; as long as the peer is unknown, of several none. */
function requestFor(stream: Stream, peer: string | null): TrackedLine | null {
  const { request, requestsBefore } = stream;
  if (requestsBefore.length === 0) return request;
  const isFor = ({ fields }: TrackedLine): boolean => text(fields.remote) === peer;
  if (request !== null && isFor(request)) return request;
  return requestsBefore.find(isFor) ?? null;
}

/** It is answered. */
function forget(stream: Stream, request: TrackedLine): void {
  if (stream.request === request) stream.request = null;
  else stream.requestsBefore = stream.requestsBefore.filter((each) => each !== request);
}

/**
 * Releases that print no message of the key engine begin at once: the request is told by its peer. Of an SA that
 * stood before the log begins, a quick mode asked for from here is all that is seen.
 */
export function answerRequest(stream: Stream, context: Context): void {
  const request = requestFor(stream, context.peer);
  const remote = text(request?.fields.remote);
  if (remote === undefined || context.packetCount > 1) return;
  const isNamed = context.role === 'initiator' && context.peer === remote;
  const isAsked =
    context.role === null && context.peer === null && context.likelyRole === 'initiator';
  // The key engine is asked again for what the peer chose: its own request says whose quick mode that is.
  const isChosen =
    context.role === null &&
    context.peer === remote &&
    request!.line < context.firstLine &&
    isEngineOnly(context);
  if (!isNamed && !isAsked && !isChosen) return;
  context.role = 'initiator';
  takeRequest(stream, context);
}

/** Gives the request to the attempt that answers it. */
export function takeRequest(stream: Stream, context: Context): void {
  const request = requestFor(stream, context.peer);
  if (!request) return;
  forget(stream, request);
  const { firstLine, firstTime, lastTime } = context;
  context.firstLine = 0;
  record(context, request, request.spec.index);
  if (firstLine > 0) {
    context.firstLine = Math.min(firstLine, request.line);
    context.firstTime = firstLine < request.line ? firstTime : (request.time ?? firstTime);
    context.lastTime = lastTime;
  }
  const at = context.events.findLastIndex((event) => event < request.event);
  context.events.splice(at + 1, 0, request.event);
  context.peer ??= text(request.fields.remote) ?? null;
}
