import { useEffect, useRef, useState } from 'react';
import { Button, Center, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { api, ok, Refusal } from '../api/client';
import { Command } from '../ui/parts';

/** Takes the secret out of the address before anything else, so that it stays in no history. */
function takeLink(): string {
  const link = location.hash.slice(1);
  if (link) history.replaceState(null, '', '/sign-in');
  return link;
}

export default function SignIn() {
  const [link] = useState(takeLink);
  const [refusal, setRefusal] = useState<Refusal>();
  const asked = useRef(false);
  const queries = useQueryClient();
  const navigate = useNavigate();

  useEffect(() => {
    document.title = 'Sign in · Parley';
    // A link that is opened where this page is shown already changes the address only.
    const again = () => location.reload();
    window.addEventListener('hashchange', again);
    return () => window.removeEventListener('hashchange', again);
  }, []);

  useEffect(() => {
    if (!link || asked.current) return;
    asked.current = true;
    ok(api.POST('/api/v1/console/sign-in', { body: { link } })).then(
      () => {
        queries.clear();
        void navigate({ to: '/', replace: true });
      },
      (error: unknown) => setRefusal(error instanceof Refusal ? error : new Refusal(0, 'internal', 'Signing in failed.', String(error))),
    );
  }, [link, queries, navigate]);

  return (
    <Center mih="100vh" p="md" component="main">
      <Paper p={{ base: 'lg', sm: 36 }} radius={20} withBorder maw={460} w="100%">
        <Stack align="center" ta="center" gap="md">
          <img src="/favicon.svg" width={56} height={56} alt="" />
          <Title order={1} size="h2">Parley</Title>
          {link && !refusal ? (
            <>
              <Loader aria-label="Signing in" />
              <Text>Signing in…</Text>
            </>
          ) : (
            <>
              {refusal ? (
                <div role="alert">
                  <Text fw={600}>{refusal.message}</Text>
                  <Text size="sm" c="dimmed">{refusal.fix}</Text>
                </div>
              ) : (
                <Text c="dimmed">You sign in with a link that works once. On the server’s machine, type:</Text>
              )}
              <Command>parley console</Command>
              <Text size="sm" c="dimmed">and open what it prints in this browser. Somebody else’s server? Ask them for an invitation: they type <code>parley user invite YOUR-NAME</code>.</Text>
              <Button variant="light" onClick={() => location.assign('/')}>I am signed in already</Button>
            </>
          )}
        </Stack>
      </Paper>
    </Center>
  );
}
