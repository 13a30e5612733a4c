import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useMantineColorScheme } from '@mantine/core';
import { IconHandStop, IconKeyboard, IconMessages, IconMoon, IconRobot, IconSearch, IconSun, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { q } from '../api/queries';
import { conversationTitle } from '../ui/conversations';
import { places } from './Shell';

/** Every page, agent, conversation and meeting by name, and what can be done anywhere. */
export function Palette({ onHelp }: { onHelp: () => void }) {
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const agents = useQuery(q.agents).data ?? [];
  const conversations = useQuery(q.conversations).data ?? [];
  const meetings = useQuery(q.meetings).data ?? [];

  const actions: { group: string; actions: SpotlightActionData[] }[] = [
    {
      group: 'Pages',
      actions: places.map(({ to, label, icon: Icon, key }) => ({ id: to, label, description: `g ${key}`, leftSection: <Icon size={18} stroke={1.7} />, onClick: () => void navigate({ to }) })),
    },
    {
      group: 'Do',
      actions: [
        { id: 'halt', label: 'Halt everything', keywords: 'stop kill switch', leftSection: <IconHandStop size={18} />, onClick: () => void navigate({ to: '/', hash: 'halt' }) },
        { id: 'light', label: 'Light colours', leftSection: <IconSun size={18} />, onClick: () => setColorScheme('light') },
        { id: 'dark', label: 'Dark colours', leftSection: <IconMoon size={18} />, onClick: () => setColorScheme('dark') },
        { id: 'keys', label: 'Keyboard shortcuts', leftSection: <IconKeyboard size={18} />, onClick: onHelp },
      ],
    },
    {
      group: 'Agents',
      actions: agents.map((agent) => ({
        id: `agent ${agent.id}`, label: agent.name, description: agent.description, leftSection: <IconRobot size={18} stroke={1.7} />, onClick: () => void navigate({ to: '/agents/$name', params: { name: agent.name } }),
      })),
    },
    {
      group: 'Conversations',
      actions: conversations.filter(({ kind }) => kind !== 'meeting').map((conversation) => ({
        id: conversation.id, label: conversationTitle(conversation), leftSection: <IconMessages size={18} stroke={1.7} />, onClick: () => void navigate({ to: '/conversations/$id', params: { id: conversation.id } }),
      })),
    },
    {
      group: 'Meetings',
      actions: meetings.map((meeting) => ({
        id: meeting.id, label: meeting.name, description: meeting.topic, leftSection: <IconUsersGroup size={18} stroke={1.7} />, onClick: () => void navigate({ to: '/meetings/$name', params: { name: meeting.name } }),
      })),
    },
  ].filter((group) => group.actions.length > 0);

  return (
    <Spotlight
      actions={actions}
      shortcut={['mod + K', '/']}
      limit={40}
      scrollable
      maxHeight={480}
      highlightQuery
      nothingFound="Nothing is called that."
      searchProps={{ leftSection: <IconSearch size={18} />, placeholder: 'Go to a page, an agent, a conversation…', 'aria-label': 'Search and commands' }}
    />
  );
}
