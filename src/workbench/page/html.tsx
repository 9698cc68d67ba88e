import type { JSX } from 'preact';

/** Markup made by the report's own functions, in which everything foreign is escaped. */
export function Html(props: {
  readonly class: string;
  readonly markup: string;
  readonly hidden?: boolean;
}): JSX.Element {
  const { class: name, markup, hidden = false } = props;
  return <div class={name} hidden={hidden} dangerouslySetInnerHTML={{ __html: markup }} />;
}
