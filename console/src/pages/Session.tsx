import { Text } from '@mantine/core';
import { IconArrowGuide, IconChevronLeft, IconFileText, IconHierarchy2, IconInfoCircle, IconRosetteDiscountCheck, IconTool } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Schemas } from '../api/client';
import { q } from '../api/queries';
import { firstLine, Markdown } from '../text/Markdown';
import { Revealed } from '../text/Revealed';
import { compact, duration, money, plural, seconds } from '../ui/format';
import { Ago, At, Avatar, Card, Elapsed, Empty, Facts, Page, Read, Stat, State } from '../ui/parts';
import { SessionActions, SessionTree, Steer } from '../ui/SessionTree';
import agents from './agents.module.css';
import { woven } from './transcript';
import home from './home.module.css';
import classes from './session.module.css';

export default function SessionPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const details = useQuery(q.session(id));
  const log = useQuery(q.sessionLog(id));
  return (
    <Read from={details}>
      {({ session, result, children }) => (
        <Page
          tab={`${session.agentId} session`}
          back={<Link to="/sessions" className={agents.back}><IconChevronLeft size={15} /> Sessions</Link>}
          title={<span style={{ display: 'inline-flex', gap: 14, alignItems: 'center' }}><Avatar name={session.agentId} kind="agent" size={40} />{session.label ? <Revealed text={session.label} /> : session.agentId}<State state={session.status} title={session.reason ?? undefined} /></span>}
          lead={<>spawned by {session.parent} <Ago at={session.createdAt} />{session.reason ? <> · <Revealed text={session.reason} /></> : null}</>}
          actions={!session.endedAt && <SessionActions session={session} large />}
        >
          <div className={home.stats}>
            <Stat label="Runtime" value={session.startedAt ? <Elapsed since={session.startedAt} until={session.endedAt} /> : '–'} note={`at most ${duration(session.timeout * 1000)}`} />
            <Stat label="Tokens" value={compact(Number(session.tokens))} note={session.maxTokens ? `of ${compact(Number(session.maxTokens))}` : plural(session.turns, 'turn')} />
            <Stat label="Cost" value={money(session.cost)} note={session.maxCost ? `of ${money(session.maxCost)}` : <code>{session.model}</code>} />
          </div>
          <div className={classes.columns}>
            <div className={classes.stack}>
              <Card title="Transcript" icon={IconFileText} flush>
                <Read from={log}>{(found) => found.entries.length + (found.turns?.length ?? 0) > 0 ? <>{woven(found.entries, found.turns ?? []).map((one, i) => (one.turn ? <TurnUse key={one.turn.id} turn={one.turn} /> : <Entry key={i} entry={one.entry} />))}</> : <Empty icon={IconFileText} title="Nothing was said yet" />}</Read>
              </Card>
            </div>
            <div className={classes.stack}>
              {!session.endedAt && <Card title="Steer" icon={IconArrowGuide}><Steer session={session} /></Card>}
              {result && <Card title="Result" icon={IconRosetteDiscountCheck}><Markdown text={result} /></Card>}
              {children.length > 0 && <Card title="It has spawned" icon={IconHierarchy2} flush count={children.length}><SessionTree sessions={children} /></Card>}
              <Card title="About it" icon={IconInfoCircle}>
                <Facts
                  facts={[
                    ['Task', <Revealed text={session.task} />], ['Agent', <Link to="/agents/$name" params={{ name: session.agentId }}>{session.agentId}</Link>], ['Model', <code>{session.model}</code>], ['Context', session.context],
                    ['Parent', session.parentSession ? <Link to="/sessions/$id" params={{ id: session.parentSession }}>{session.parent}</Link> : session.parent], ['Announces to', session.announce],
                    ['Chain', <Link to="/roots/$id" params={{ id: session.root }}>replay</Link>], ['Ended', session.endedAt && <At at={session.endedAt} />], ['Warnings', session.warnings.join(' ')], ['Key', <code style={{ fontSize: 12 }}>{session.sessionKey}</code>],
                  ]}
                />
              </Card>
            </div>
          </div>
        </Page>
      )}
    </Read>
  );
}

/** What a turn used, below what it said and called. */
function TurnUse({ turn }: { turn: Schemas['SessionTurnView'] }) {
  const tokens = Number(turn.inputTokens) + Number(turn.outputTokens);
  return (
    <div className={classes.use} role="note" aria-label={`A turn: ${compact(tokens)} tokens, ${money(turn.cost)}`}>
      <State state={turn.state} />
      <span>{plural(turn.calls, 'model call')}</span>
      <span title={`${Number(turn.inputTokens).toLocaleString()} read, ${Number(turn.outputTokens).toLocaleString()} written`}>{compact(tokens)} tokens</span>
      <span>{money(turn.cost)}</span>
      <span>{turn.endedAt ? seconds(Date.parse(turn.endedAt) - Date.parse(turn.startedAt)) : <Elapsed since={turn.startedAt} />}</span>
      <code>{turn.model}</code>
    </div>
  );
}

function Entry({ entry }: { entry: Schemas['SessionLogEntryView'] }) {
  if (entry.kind === 'note') return <div className={classes.note}><At at={entry.at} /> · <Revealed text={entry.text} /></div>;
  if (entry.kind === 'tool') {
    return (
      <div className={classes.entry}>
        <IconTool size={18} style={{ justifySelf: 'center', opacity: 0.6 }} aria-hidden />
        <details className={classes.tool}>
          <summary><b>{entry.tool}</b> <Text component="span" size="xs" c="dimmed"><Revealed text={firstLine(entry.text, 90)} /></Text> <At at={entry.at} /></summary>
          <pre tabIndex={0}><Revealed text={entry.text} /></pre>
          {entry.answer && <pre tabIndex={0}><Revealed text={entry.answer} /></pre>}
        </details>
      </div>
    );
  }
  return (
    <div className={classes.entry}>
      <Avatar name={entry.from} kind="agent" size={30} />
      <div className={classes.entryHead}><b><Revealed text={entry.from} /></b>{entry.type && entry.type !== 'chat' && <State state={entry.type} />}<At at={entry.at} /></div>
      <div className={classes.body}><Markdown text={entry.text} /></div>
    </div>
  );
}
