import { describe, expect, it } from 'vitest';
import { predict } from '../../src/select/predict.ts';
import { ends, router } from '../support/map-router.ts';
import { readRouters } from '../support/tunnel-router.ts';

/** B has no policy of its own; A has this one. */
const against = (version: string, policy: string): unknown =>
  (
    ends(
      predict(
        readRouters([
          `version 15.4\n${router('A', '192.0.2.1', '192.0.2.2', { policy })}`,
          `version ${version}\n${router('B', '192.0.2.2', '192.0.2.1').replace(/crypto isakmp policy(.*\n){5}/, '')}`,
        ]),
      ),
    ) as readonly (readonly unknown[])[]
  ).map(([, end]) => end ?? 'unknown');

const OLD = 'encr 3des\n hash md5\n authentication pre-share\n group 2';
const NEW = 'encr aes 256\n hash sha256\n authentication pre-share\n group 14';

describe('a router without a policy', () => {
  it.each([
    ['12.2', OLD, ['mm1-policy', 'mm1-policy']],
    ['12.3', OLD, ['mm1-policy', 'mm1-policy']],
    ['12.4', OLD, ['unknown', 'unknown']],
    ['15.0', OLD, ['up', 'up']],
    ['17.9', OLD, ['up', 'up']],
    ['12.4', NEW, ['mm1-policy', 'mm1-policy']],
    ['15.0', NEW, ['mm1-policy', 'mm1-policy']],
  ])('has those of its release: %s', (version, policy, wanted) => {
    expect(against(version, policy)).toEqual(wanted);
  });
});
