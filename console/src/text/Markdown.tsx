import { Fragment, memo, type ReactNode, useMemo, useState } from 'react';
import type { Definition, Nodes, Parents, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { Button } from '@mantine/core';
import { Revealed } from './Revealed';
import { reveal, safeUrl } from './reveal';
import classes from './text.module.css';

const longest = 8_000;
const deepest = 16;

/** More signs than a text has that is meant to be read; to take them apart would keep the page busy. */
const mostSigns = 1_500;
const signs = /[*_[\]>~`|!<-]/g;

/**
 * What an agent wrote. Only the kinds of nodes below become elements; raw HTML is shown as the text that it is, pictures are named and never loaded,
 * and a link leads to http and https only, with its host to be seen.
 */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const shown = whole || text.length <= longest ? text : text.slice(0, longest);
  const content = useMemo(() => render(shown), [shown]);
  return (
    <div className={classes.markdown} dir="auto">
      {content}
      {shown.length < text.length && (
        <Button size="compact-xs" variant="light" onClick={() => setWhole(true)}>
          Show all of {text.length.toLocaleString()} characters
        </Button>
      )}
    </div>
  );
});

export function parse(text: string): Root | null {
  if ((text.match(signs)?.length ?? 0) > mostSigns) return null;
  try {
    return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  } catch {
    return null;
  }
}

function render(text: string): ReactNode {
  const root = parse(text);
  if (!root) return plain(text);
  const definitions = new Map<string, Definition>();
  collect(root, definitions, 0);
  return children(root, { text, definitions, depth: 0 });
}

type Context = { text: string; definitions: Map<string, Definition>; depth: number };

function collect(node: Nodes, into: Map<string, Definition>, depth: number) {
  if (node.type === 'definition') into.set(node.identifier, node);
  if ('children' in node && depth < deepest) node.children.forEach((child) => collect(child, into, depth + 1));
}

const plain = (text: string) => (
  <p className={classes.plain}>
    <Revealed text={text} />
  </p>
);

/** The text of a node as it was written. */
const source = (node: Nodes, { text }: Context) => text.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);

const children = (node: Parents, context: Context): ReactNode => {
  const below = { ...context, depth: context.depth + 1 };
  return node.children.map((child, i) => <Fragment key={i}>{element(child, below)}</Fragment>);
};

function element(node: Nodes, context: Context): ReactNode {
  if (context.depth > deepest) return <Revealed text={source(node, context)} />;
  switch (node.type) {
    case 'text':
      return <Revealed text={node.value} />;
    case 'paragraph':
      return <p>{children(node, context)}</p>;
    case 'emphasis':
      return <em>{children(node, context)}</em>;
    case 'strong':
      return <strong>{children(node, context)}</strong>;
    case 'delete':
      return <del>{children(node, context)}</del>;
    case 'inlineCode':
      return (
        <code>
          <Revealed text={node.value} />
        </code>
      );
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>
            <Revealed text={node.value} />
          </code>
        </pre>
      );
    case 'heading':
      return <p className={classes.heading}>{children(node, context)}</p>;
    case 'blockquote':
      return <blockquote>{children(node, context)}</blockquote>;
    case 'list':
      return node.ordered ? <ol start={node.start ?? 1}>{children(node, context)}</ol> : <ul>{children(node, context)}</ul>;
    case 'listItem':
      return (
        <li>
          {typeof node.checked === 'boolean' && (node.checked ? '☑ ' : '☐ ')}
          {children(node, context)}
        </li>
      );
    case 'break':
      return <br />;
    case 'thematicBreak':
      return <hr />;
    case 'link':
      return link(node.url, children(node, context), context.text.slice(node.children[0]?.position?.start.offset, node.children.at(-1)?.position?.end.offset), source(node, context));
    case 'linkReference': {
      const definition = context.definitions.get(node.identifier);
      return definition ? link(definition.url, children(node, context), '', source(node, context)) : <Revealed text={source(node, context)} />;
    }
    case 'image':
      return picture(node.alt, node.url);
    case 'imageReference':
      return picture(node.alt, context.definitions.get(node.identifier)?.url ?? '');
    case 'table':
      return (
        <table>
          <tbody>
            {node.children.map((row, i) => (
              <tr key={i}>
                {row.children.map((cell, j) => (i === 0 ? <th key={j}>{children(cell, context)}</th> : <td key={j}>{children(cell, context)}</td>))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    case 'definition':
      return null;
    default:
      // Raw HTML, footnotes and whatever else there may be: as it was written.
      return <span className={classes.plain}><Revealed text={source(node, context)} /></span>;
  }
}

function link(address: string, content: ReactNode, visible: string, written: string): ReactNode {
  const url = safeUrl(address);
  if (!url) return <Revealed text={written} />;
  const told = visible === url.href || `${visible}/` === url.href;
  return (
    <>
      <a className={classes.link} href={url.href} target="_blank" rel="noopener noreferrer nofollow ugc">
        {content}
      </a>
      {!told && <span className={classes.host}> ({url.host})</span>}
    </>
  );
}

function picture(alt: string | null | undefined, address: string): ReactNode {
  const url = safeUrl(address);
  return (
    <span className={classes.host}>
      [picture not loaded{alt ? ': ' : ''}
      {alt && <Revealed text={alt} />}
      {url && <> from {url.host}</>}]
    </span>
  );
}

/** The beginning of a text on one line. */
export function firstLine(text: string, most = 160): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

/** Whether a text has characters that would not be seen. */
export const hides = (text: string) => reveal(text).some((piece) => typeof piece !== 'string');
