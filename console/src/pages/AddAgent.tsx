import { useRef, useState } from 'react';
import { Alert, Button, Checkbox, Group, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, ok, Refusal, type Schemas } from '../api/client';
import { q } from '../api/queries';
import { Revealed } from '../text/Revealed';
import { at, elsewhere, tell, useAct } from '../ui/act';
import { Command, Facts } from '../ui/parts';

const kinds = [{ value: 'external', label: 'Connects by itself' }, { value: 'model', label: 'A model' }, { value: 'program', label: 'A program' }, { value: 'remote', label: 'Another server' }];
const about: Record<string, string> = {
  external: 'A program of yours, or a coding agent such as Claude Code, connects with a token.',
  model: 'Parley runs its turns on a language model.',
  program: 'Parley starts a coding agent or a script on the server’s machine for each turn. Only owners of the organization may set that up.',
  remote: 'An agent that speaks A2A elsewhere. Parley reads its card and speaks for it.',
};

/** The four ways of adding an agent; what is wrong stands at the field. */
export function AddAgent({ done }: { done: () => void }) {
  const [kind, setKind] = useState('external');
  const [added, setAdded] = useState<string>();
  if (added) return <Connect name={added} done={done} />;
  return (
    <Stack gap="sm">
      <SegmentedControl aria-label="Kind of agent" value={kind} onChange={setKind} data={kinds} fullWidth />
      <Text size="sm" c="dimmed">{about[kind]}</Text>
      {kind === 'remote' ? <Remote done={done} /> : <Local key={kind} kind={kind} done={done} onExternal={setAdded} />}
    </Stack>
  );
}

const fields = ['name', 'description', 'model', 'profile', 'command', 'folder', 'permissions', 'runtime'];

function Local({ kind, done, onExternal }: { kind: string; done: () => void; onExternal: (name: string) => void }) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [model, setModel] = useState<string | null>(null);
  const [program, setProgram] = useState<Program>({ runtime: 'command', profile: 'claude', command: '', folder: '', permissions: 'ask', model: '' });
  const made = useRef<string>(undefined);
  const navigate = useNavigate();
  const add = useAct(
    async () => {
      // Where only the hosting was refused, the agent is there already.
      made.current = made.current === name ? name : (await ok(api.POST('/api/v1/agents', { body: { name, description: description || undefined } }))).name;
      const host = kind === 'model' ? { model: model ?? undefined } : kind === 'program' ? hostOf(program) : undefined;
      if (kind === 'model' && !model) throw new Refusal(400, 'invalid_request', 'No model is chosen.', 'Choose one, or let the agent connect by itself.', 'model');
      if (host) await ok(api.PUT('/api/v1/agents/{name}/host', { params: { path: { name: made.current } }, body: host }));
      return made.current;
    },
    {
      changes: [['agents'], ['hosting']], quiet: true,
      done: (agent) => {
        if (kind === 'external') return onExternal(agent);
        done();
        tell(`Added ${agent}.`);
        void navigate({ to: '/agents/$name', params: { name: agent } });
      },
    },
  );
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); add.mutate(); }}>
      <Stack gap="sm">
        <TextInput label="Name" placeholder="tesla" value={name} onChange={(event) => setName(event.currentTarget.value)} error={at(add.error, 'name')} data-autofocus autoComplete="off" spellCheck={false} />
        <TextInput label="Description" placeholder="What it is good at, in one line" value={description} onChange={(event) => setDescription(event.currentTarget.value)} error={at(add.error, 'description')} maxLength={500} />
        {kind === 'model' && <ModelChoice model={model} choose={setModel} error={at(add.error, 'model', 'runtime')} />}
        {kind === 'program' && <ProgramInputs program={program} change={setProgram} error={add.error} />}
        {elsewhere(add.error, ...fields) && <Text size="sm" c="red" role="alert">{elsewhere(add.error, ...fields)}</Text>}
        <Group justify="flex-end"><Button type="submit" loading={add.isPending}>Add</Button></Group>
      </Stack>
    </form>
  );
}

function ModelChoice({ model, choose, error }: { model: string | null; choose: (model: string | null) => void; error?: string }) {
  const models = useQuery(q.models).data ?? [];
  return (
    <Select
      label="Model" description="The demo models need no key and no network" placeholder="Choose" searchable value={model} onChange={choose} error={error} nothingFoundMessage="No such model is known: parley models"
      data={models.filter((provider) => provider.models.length > 0).map((provider) => ({ group: provider.state === 'ready' ? provider.name : `${provider.name} (${provider.state}: parley key set ${provider.name})`, items: provider.models.map((one) => one.name) }))}
    />
  );
}

type Program = { runtime: string; profile: string; command: string; folder: string; permissions: string; model: string };

const profiles = { command: ['claude', 'codex', 'gemini', 'opencode', 'custom'], acp: ['claude', 'codex', 'gemini', 'opencode', 'custom'] };

/** What the server is told; a command is split at its spaces, and quotes keep some of them. */
export function hostOf({ runtime, profile, command, folder, permissions, model }: Program): Schemas['HostRequest'] {
  return {
    runtime, model: model || undefined,
    program: { profile, command: command.trim() ? words(command) : undefined, folder: folder || undefined, permissions: runtime === 'acp' ? permissions : undefined },
  };
}

/** The words of a command line. */
export const words = (line: string): string[] => [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain ?? '');

function ProgramInputs({ program, change, error }: { program: Program; change: (program: Program) => void; error: unknown }) {
  const set = (part: Partial<Program>) => change({ ...program, ...part });
  return (
    <>
      <Group grow align="flex-start">
        <Select label="Runs as" data={[{ value: 'command', label: 'a command, once a turn' }, { value: 'acp', label: 'a coding agent over ACP' }]} value={program.runtime} onChange={(runtime) => set({ runtime: runtime ?? 'command' })} allowDeselect={false} error={at(error, 'runtime')} />
        <Select label="Program" data={profiles[program.runtime === 'acp' ? 'acp' : 'command']} value={program.profile} onChange={(profile) => set({ profile: profile ?? 'claude' })} allowDeselect={false} error={at(error, 'profile')} />
      </Group>
      <TextInput label="Command" description={program.profile === 'custom' ? 'What is started' : 'Empty: the program’s own'} placeholder={program.profile === 'custom' ? 'sh answer.sh' : program.profile} value={program.command} onChange={(event) => set({ command: event.currentTarget.value })} error={at(error, 'command', 'program')} ff="monospace" spellCheck={false} />
      <TextInput label="Folder" description="On the server’s machine; empty: one of its own for each session" placeholder="/srv/shop" value={program.folder} onChange={(event) => set({ folder: event.currentTarget.value })} error={at(error, 'folder')} spellCheck={false} />
      <Group grow align="flex-start">
        <TextInput label="Model" description="As the program names it; empty: its own" placeholder="opus" value={program.model} onChange={(event) => set({ model: event.currentTarget.value })} error={at(error, 'model')} spellCheck={false} />
        {program.runtime === 'acp' && <Select label="When it asks for permission" description="You find the questions in the command center" data={[{ value: 'ask', label: 'ask a person' }, { value: 'deny', label: 'deny' }, { value: 'allow', label: 'allow' }]} value={program.permissions} onChange={(permissions) => set({ permissions: permissions ?? 'ask' })} allowDeselect={false} error={at(error, 'permissions')} />}
      </Group>
    </>
  );
}

/** Looked at before it is added. */
function Remote({ done }: { done: () => void }) {
  const [url, setUrl] = useState('');
  const [name, setName] = useState('');
  const [token, setToken] = useState('');
  const [trusted, setTrusted] = useState(false);
  const navigate = useNavigate();
  const call = (preview: boolean) => ok(api.POST('/api/v1/remotes', { body: { url, name: name || undefined, token: token || undefined, preview } }));
  const look = useAct(() => call(true), { quiet: true });
  const add = useAct(() => call(false), { changes: [['agents']], quiet: true, done: (remote) => { done(); tell(`Added ${remote.name}.`); void navigate({ to: '/agents/$name', params: { name: remote.name } }); } });
  const error = add.error ?? look.error;
  const forget = () => { look.reset(); add.reset(); setTrusted(false); };
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); if (look.data) add.mutate(); else look.mutate(); }}>
      <Stack gap="sm">
        <TextInput label="Address" description="Of its card, or of the server that it is on" placeholder="https://agents.example.org/a2a/painter" value={url} onChange={(event) => { setUrl(event.currentTarget.value); forget(); }} error={at(error, 'url')} data-autofocus spellCheck={false} />
        <Group grow align="flex-start">
          <TextInput label="Name here" description="Empty: made of its own" value={name} onChange={(event) => { setName(event.currentTarget.value); forget(); }} error={at(error, 'name')} autoComplete="off" spellCheck={false} />
          <TextInput label="Token" description="Where it wants one; kept encrypted" type="password" value={token} onChange={(event) => { setToken(event.currentTarget.value); forget(); }} error={at(error, 'token', 'token_env')} autoComplete="off" />
        </Group>
        {error instanceof Refusal && error.code === 'outbound_refused' ? (
          <Alert color="orange" title={error.message}><Text size="sm" mb={8}>{error.fix}</Text><Text size="sm">What is saved in parley.json counts at once. Check it with <code>parley config check</code>, then look again.</Text></Alert>
        ) : elsewhere(error, 'url', 'name', 'token', 'token_env') && <Text size="sm" c="red" role="alert">{elsewhere(error, 'url', 'name', 'token', 'token_env')}</Text>}
        {look.data && (
          <>
            <Facts facts={[['It calls itself', <Revealed text={look.data.card_name} />], ['Its name here', look.data.name], ['It says', <Revealed text={look.data.description} />], ['Good at', look.data.skills && look.data.skills.length > 0 ? <Revealed text={look.data.skills.join(', ')} /> : null], ['Called at', <code>{look.data.url}</code>], ['Speaks', `A2A ${look.data.version}, ${look.data.binding}`]]} />
            <Checkbox label="I know this server: what agents here write to it leaves this machine" checked={trusted} onChange={(event) => setTrusted(event.currentTarget.checked)} />
          </>
        )}
        <Group justify="flex-end"><Button type="submit" loading={look.isPending || add.isPending} disabled={!url || (look.data !== undefined && !trusted)}>{look.data ? 'Add it' : 'Look at its card'}</Button></Group>
      </Stack>
    </form>
  );
}

/** What comes next for an agent that connects by itself: a token, shown once, or one command. */
function Connect({ name, done }: { name: string; done: () => void }) {
  const navigate = useNavigate();
  const issue = useAct(() => ok(api.POST('/api/v1/tokens', { body: { agent: name, label: 'console' } })), { changes: [['tokens']] });
  return (
    <Stack gap="sm">
      <Alert color="teal" title={`${name} is added`}>It has an inbox. Messages wait there until its program connects.</Alert>
      <Text size="sm">A coding agent on the server’s machine is connected with one command:</Text>
      <Command>{`parley connect claude-code --as ${name}`}</Command>
      <Text size="sm">Any other program needs a token:</Text>
      {issue.data ? <><Command>{issue.data.secret}</Command><Text size="xs" c="dimmed">It is shown this once. Hand it in as “Authorization: Bearer”, at {location.origin}/api/v1, {location.origin}/mcp or the WebSocket.</Text></> : <Group><Button variant="light" loading={issue.isPending} onClick={() => issue.mutate()}>Issue a token</Button></Group>}
      <Group justify="flex-end"><Button onClick={() => { done(); void navigate({ to: '/agents/$name', params: { name } }); }}>To {name}</Button></Group>
    </Stack>
  );
}
