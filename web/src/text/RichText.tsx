import { Fragment, type ReactNode, useMemo } from "react";
import type { UserId } from "../wire";
import type { Inline } from "./inline";
import { Marked } from "./Marked";
import { type Block, parseMarkdown } from "./markdown";

export interface Mentioned {
  id: UserId;
  name: string;
}

interface Props {
  source: string;
  /** Who a user name stands for, of those the message mentions. */
  mentioned?: ReadonlyMap<string, Mentioned>;
  me?: UserId;
  /** Words to mark, as `queryWords` made them. */
  words?: readonly string[];
  /** Somebody else who is mentioned was pressed. */
  onMention?: (id: UserId) => void;
  /** A link was pressed. True: it was followed, and the browser has nothing to do. */
  onLink?: (href: string) => boolean;
  /** What stands at the end of the last line. */
  end?: ReactNode;
}

const NOBODY: ReadonlyMap<string, Mentioned> = new Map();

/** A message's text. There is no way from it to markup: all of it becomes text nodes. */
export function RichText({ source, mentioned = NOBODY, me, words = [], onMention, onLink, end }: Props) {
  const blocks = useMemo(() => parseMarkdown(source), [source]);
  const look: Look = { mentioned, me, words, onMention, onLink };
  const last = blocks[blocks.length - 1];
  const hasRoom = last?.kind === "paragraph";
  return (
    <div dir="auto" className="rich min-w-0 [overflow-wrap:anywhere]">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one text have no other identity
        <BlockView key={index} block={block} look={look} end={block === last && hasRoom ? end : null} />
      ))}
      {!hasRoom && end}
    </div>
  );
}

interface Look {
  mentioned: ReadonlyMap<string, Mentioned>;
  me: UserId | undefined;
  words: readonly string[];
  onMention: Props["onMention"];
  onLink: Props["onLink"];
}

function BlockView({ block, look, end }: { block: Block; look: Look; end: ReactNode }) {
  switch (block.kind) {
    case "code":
      return (
        <pre className="my-1 overflow-x-auto rounded-lg bg-ink/8 p-2 font-mono text-[0.9em]">
          <code>{marked(block.text, look)}</code>
        </pre>
      );
    case "quote":
      return (
        <blockquote className="my-1 whitespace-pre-wrap border-current/30 border-s-3 ps-2">
          {lines(block.lines, look)}
        </blockquote>
      );
    case "list": {
      const items = block.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items of one text have no other identity
        <li key={index}>{inline(item, look)}</li>
      ));
      if (block.start === null) return <ul className="my-1 list-disc ps-6">{items}</ul>;
      return (
        <ol start={block.start} className="my-1 list-decimal ps-7">
          {items}
        </ol>
      );
    }
    case "paragraph":
      return (
        <p className="whitespace-pre-wrap">
          {lines(block.lines, look)}
          {end}
        </p>
      );
  }
}

function lines(all: Inline[][], look: Look): ReactNode {
  return all.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text have no other identity
    <Fragment key={index}>
      {index > 0 && "\n"}
      {inline(line, look)}
    </Fragment>
  ));
}

function inline(tokens: Inline[], look: Look): ReactNode {
  return tokens.map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one text have no other identity
    <Fragment key={index}>{node(token, look)}</Fragment>
  ));
}

function node(token: Inline, look: Look): ReactNode {
  switch (token.kind) {
    case "text":
      return marked(token.text, look);
    case "code":
      return <code className="rounded bg-ink/8 px-1 font-mono text-[0.9em]">{marked(token.text, look)}</code>;
    case "bold":
      return <strong>{inline(token.children, look)}</strong>;
    case "italic":
      return <em>{inline(token.children, look)}</em>;
    case "strike":
      return <s>{inline(token.children, look)}</s>;
    case "link":
      return (
        <a
          href={token.href}
          title={token.text === token.href ? undefined : token.href}
          target="_blank"
          rel="noopener noreferrer"
          onClick={(event) => {
            const isForBrowser = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
            if (!isForBrowser && look.onLink?.(token.href)) event.preventDefault();
          }}
          className="text-accent underline decoration-current/40 underline-offset-2 hover:decoration-current"
        >
          {marked(token.text, look)}
        </a>
      );
    case "mention":
      return <Mention token={token} look={look} />;
  }
}

function Mention({ token, look }: { token: Extract<Inline, { kind: "mention" }>; look: Look }) {
  const user = look.mentioned.get(token.username);
  if (!user) return marked(token.text, look);
  const name = (
    <>
      @<bdi>{user.name}</bdi>
    </>
  );
  if (user.id === look.me) {
    return (
      <span title={token.text} className="rounded bg-accent px-1 text-on-accent">
        {name}
      </span>
    );
  }
  const { onMention } = look;
  if (!onMention) return <span className="font-medium text-accent">{name}</span>;
  return (
    <button
      type="button"
      title={token.text}
      onClick={() => onMention(user.id)}
      className="select-text font-medium text-accent hover:underline"
    >
      {name}
    </button>
  );
}

function marked(text: string, look: Look): ReactNode {
  return look.words.length === 0 ? text : <Marked text={text} words={look.words} />;
}
