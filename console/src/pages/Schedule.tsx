import { Table, Text } from '@mantine/core';
import { IconCalendarTime, IconChevronLeft, IconHistory, IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { q } from '../api/queries';
import { Revealed } from '../text/Revealed';
import { plural } from '../ui/format';
import { At, Ago, Card, Countdown, Empty, Facts, Page, Read, State } from '../ui/parts';
import { ScheduleActions, timing } from './Schedules';
import agents from './agents.module.css';
import tree from '../ui/tree.module.css';
import ui from '../ui/ui.module.css';

const missed: Record<string, string> = { one: 'made up for once', all: 'made up for one by one', skip: 'left out', none: 'left out' };

export default function SchedulePage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const schedule = useQuery(q.schedule(name));
  const firings = useQuery(q.firings(name));
  const navigate = useNavigate();
  return (
    <Read from={schedule}>
      {(one) => (
        <Page tab={one.name} title={<span className={ui.titleRow}>{one.name}<State state={one.state} /></span>} lead={<>{timing(one)}{one.paused_reason && <> · <Revealed text={one.paused_reason} /></>}</>} actions={<ScheduleActions large schedule={one} gone={() => void navigate({ to: '/schedules' })} />} back={<Link to="/schedules" className={agents.back}><IconChevronLeft size={15} /> Schedules</Link>}>
          <div className={agents.columns}>
            <Card title="What became of its times" icon={IconHistory} flush>
              <Read from={firings}>
                {(all) => all.length === 0 ? <Empty icon={IconHistory} title="It has not fired yet" command={`parley schedule run ${one.name}`}>Its first time is still to come. Run it now, without waiting:</Empty> : (
                  <div className={tree.scroll} tabIndex={0}>
                    <Table className={tree.table} miw={520}>
                      <Table.Thead><Table.Tr><Table.Th>Due</Table.Th><Table.Th>Outcome</Table.Th><Table.Th>What it started</Table.Th></Table.Tr></Table.Thead>
                      <Table.Tbody>
                        {all.map((firing) => (
                          <Table.Tr key={firing.number}>
                            <Table.Td><At at={firing.due} />{firing.manual && <Text span size="xs" c="dimmed"> by hand</Text>}</Table.Td>
                            <Table.Td><State state={firing.outcome} title={firing.reason ?? undefined} />{firing.missed > 0 && <Text span size="xs" c="dimmed"> {plural(firing.missed, 'firing')} missed</Text>}</Table.Td>
                            <Table.Td>{firing.session_key ? <Link to="/sessions/$id" params={{ id: firing.session_key.split(':').at(-1)! }}>its session</Link> : firing.reason ? <Text size="xs" c="dimmed"><Revealed text={firing.reason} /></Text> : '–'}</Table.Td>
                          </Table.Tr>
                        ))}
                      </Table.Tbody>
                    </Table>
                  </div>
                )}
              </Read>
            </Card>
            <div className={agents.stack}>
              <Card title="Next" icon={IconCalendarTime}>
                {one.state === 'active' && one.upcoming.length > 0 ? one.upcoming.map(({ utc: time }) => <Text key={time} size="sm" mb={6}><Countdown to={time} /> <Text span c="dimmed">· <At at={time} /></Text></Text>) : <Text size="sm" c="dimmed">Nothing is due.</Text>}
              </Card>
              <Card title="About it" icon={IconInfoCircle}>
                <Facts facts={[['Agent', <Link to="/agents/$name" params={{ name: one.agent }}>{one.agent}</Link>], ['Task', <Revealed text={one.task} />], ['Where', one.session === 'main' ? 'a message to the agent' : 'a session of its own'], ['Model', one.model && <code>{one.model}</code>], ['Announces to', one.announce], ['Missed times', missed[one.missed] ?? one.missed], ['Made', <>by {one.created_by}, <Ago at={one.created_at} /></>]]} />
              </Card>
            </div>
          </div>
        </Page>
      )}
    </Read>
  );
}
