import { render } from 'preact';
import { App } from './app.tsx';

const root = document.querySelector('#app');
const program = document.querySelector('#worker')?.textContent;
if (root !== null && program != null) {
  root.replaceChildren();
  render(<App program={program} />, root);
}
