import { render } from 'preact';
import { App } from './app.tsx';
import { unpack } from './unpack.ts';

const root = document.querySelector('#app');
const packed = document.querySelector('#worker')?.textContent;

async function start(place: Element, program: string): Promise<void> {
  const text = await unpack(program);
  place.replaceChildren();
  render(<App program={text} />, place);
}

if (root !== null && packed != null) void start(root, packed);
