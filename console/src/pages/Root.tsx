import { Button, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconDownload, IconMessage, IconRoute } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Schemas } from '../api/client';
import { q } from '../api/queries';
import { Markdown } from '../text/Markdown';
import { Revealed } from '../text/Revealed';
import { compact, money, plural, seconds } from '../ui/format';
import { Ago, At, Avatar, Card, Empty, Failure, Loading, Page, Stat, State, Who } from '../ui/parts';
import agents from './agents.module.css';
import home from './home.module.css';
import classes from './session.module.css';

type Turn = Schemas['ChainTurnView'];

/** Turns below the turn whose message they answer, in the order in which they began. */
export function inTree(turns: Turn[]): { turn: Turn; level: number }[] {
  const known = new Set(turns.map(({ id }) => id));
  const below = (parent: string | null, level: number): { turn: Turn; level: number }[] =>
    level > 100 ? [] : turns.filter(({ parent_id }) => (parent_id && known.has(parent_id) ? parent_id : null) === parent).flatMap((turn) => [{ turn, level }, ...below(turn.id, level + 1)]);
  return below(null, 0);
}

/** A JSON object a line: the root, then its turns. */
export const lines = (tree: Schemas['RootTreeView']) => [JSON.stringify({ root: tree.root, message: tree.message }), ...tree.turns.map((turn) => JSON.stringify(turn))].join('\n') + '\n';

function save(tree: Schemas['RootTreeView']) {
  const url = URL.createObjectURL(new Blob([lines(tree)], { type: 'application/jsonl' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: `root-${tree.root.id}.jsonl` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export default function RootPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const found = useQuery(q.root(id));
  const tree = found.data;
  const back = <Link to="/roots" className={agents.back}><IconChevronLeft size={15} /> Roots</Link>;
  if (!tree) return <Page tab="Root" title="Root" back={back}><Card label="Root">{found.isPending ? <Loading /> : <Failure error={found.error} retry={() => void found.refetch()} />}</Card></Page>;
  const { root, message, turns } = tree;
  const begin = Math.min(...turns.map((turn) => Date.parse(turn.created_at)), Date.parse(root.created_at));
  const end = Math.max(...turns.map((turn) => (turn.ended_at ? Date.parse(turn.ended_at) : Date.now())), begin + 1);
  return (
    <Page tab="Replay" title="Replay" back={back} lead={<>began <Ago at={root.created_at} />{root.stopped_at && <> · stopped: <Revealed text={root.reason ?? 'a bound was met'} /></>}</>} actions={<Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => save(tree)}>JSON Lines</Button>}>
      <div className={home.stats}>
        <Stat label="Turns" value={String(root.turns)} note={`of at most ${root.max_turns}`} />
        <Stat label="Depth" value={String(Math.max(0, ...turns.map(({ depth }) => Number(depth))))} note={`of at most ${root.max_depth}`} />
        <Stat label="Tokens" value={compact(Number(root.tokens))} note={root.max_tokens ? `of at most ${compact(Number(root.max_tokens))}` : 'no limit set'} />
        <Stat label="Cost" value={money(root.cost)} note={root.max_cost ? `of at most ${money(root.max_cost)}` : 'no limit set'} />
      </div>
      <div className={classes.stack}>
        {message && (
          <Card title="What started it" icon={IconMessage}>
            <Group mb={8} gap={10}><Who name={message.from} kind={message.from_kind} /><Text size="sm" c="dimmed"><At at={message.created_at} /></Text><Link to="/conversations/$id" params={{ id: message.conversation_id }} search={{ m: message.id }}>in its conversation</Link></Group>
            <Markdown text={message.content ?? ''} />
          </Card>
        )}
        <Card title="Turns" icon={IconRoute} count={turns.length} flush>
          {turns.length === 0 && <Empty icon={IconRoute} title="No turn began" />}
          {inTree(turns).map(({ turn, level }) => {
            const from = Date.parse(turn.created_at);
            const to = turn.ended_at ? Date.parse(turn.ended_at) : Date.now();
            return (
              <div key={turn.id} className={classes.turn} style={{ paddingInlineStart: 18 + level * 26 }}>
                <Group gap={10} wrap="nowrap">
                  <Avatar name={turn.agent} kind="agent" size={28} />
                  <div><Link to="/agents/$name" params={{ name: turn.agent }} style={{ fontWeight: 600, color: 'inherit' }}>{turn.agent}</Link> <Text span size="xs" c="dimmed">{turn.model} · depth {String(turn.depth)} · {plural(Number(turn.calls), 'model call')} · {plural(Number(turn.messages), 'message')}</Text></div>
                </Group>
                <Group gap={12} wrap="nowrap"><Text size="xs" c="dimmed" visibleFrom="xs">{compact(Number(turn.usage.input) + Number(turn.usage.output))} tokens · {money(turn.cost)} · {seconds(to - from)}</Text><State state={turn.state} title={turn.reason ?? undefined} /></Group>
                <div className={classes.bar} role="img" aria-label={`from ${((from - begin) / 1000).toFixed(1)} s to ${((to - begin) / 1000).toFixed(1)} s`}><i style={{ left: `${((from - begin) / (end - begin)) * 100}%`, width: `${((to - from) / (end - begin)) * 100}%` }} /></div>
              </div>
            );
          })}
        </Card>
      </div>
    </Page>
  );
}
