import { type ReactNode, useState } from 'react';
import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowBackUp } from '@tabler/icons-react';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { Refusal } from '../api/client';

const readingTime = 4_000;
const undoTime = 12_000;
let told = 0;

/** Says what was done; where that can be taken back, with a button that does so. */
export function tell(message: ReactNode, undo?: () => Promise<unknown>) {
  if (!undo) {
    notifications.show({ message, color: 'teal', autoClose: readingTime });
    return;
  }
  const id = `undo-${++told}`;
  const back = () => {
    notifications.hide(id);
    undo().then(() => tell('Undone.'), complain);
  };
  notifications.show({
    id, color: 'teal', autoClose: undoTime, withCloseButton: true,
    message: <Group justify="space-between" gap="sm" wrap="nowrap"><span>{message}</span><Button size="compact-sm" variant="light" leftSection={<IconArrowBackUp size={15} />} onClick={back}>Undo</Button></Group>,
  });
}

export function complain(error: unknown) {
  const refusal = error instanceof Refusal ? error : new Refusal(0, 'internal', 'That did not work.', String(error));
  notifications.show({ title: refusal.message, message: refusal.fix, color: 'red', autoClose: 8000 });
}

type Options<In, Out> = {
  changes?: QueryKey[];
  done?: (out: Out, input: In) => void;
  quiet?: boolean;
  /** What is said when it is done, with what takes it back. */
  undo?: (out: Out, input: In) => { said: string; back: () => Promise<unknown> };
};

/** Something that a person does: says what went wrong, and refreshes what it changes. */
export function useAct<In = void, Out = unknown>(run: (input: In) => Promise<Out>, options: Options<In, Out> = {}) {
  const queries = useQueryClient();
  const refresh = () => options.changes?.forEach((queryKey) => void queries.invalidateQueries({ queryKey }));
  return useMutation<Out, unknown, In>({
    mutationFn: run,
    onSuccess: (out, input) => {
      refresh();
      const undo = options.undo?.(out, input);
      if (undo) tell(undo.said, () => undo.back().finally(refresh));
      options.done?.(out, input);
    },
    onError: (error) => (options.quiet ? undefined : complain(error)),
  });
}

/** The refusal of an action where it is about that field, for the field to show. */
export const at = (error: unknown, ...fields: string[]) => (error instanceof Refusal && error.field && fields.some((field) => error.field === field || error.field?.endsWith(`.${field}`)) ? `${error.message} ${error.fix}` : undefined);

/** The refusal of an action where no field shows it. */
export const elsewhere = (error: unknown, ...fields: string[]) => (error && !at(error, ...fields) ? (error instanceof Refusal ? `${error.message} ${error.fix}` : 'That did not work.') : undefined);

/** Asks before something is done that cannot be undone; with a word to be typed for what reaches far. */
export function Confirm({ opened, onClose, title, children, word, action, onConfirm, pending, reason }: {
  opened: boolean; onClose: () => void; title: string; children: ReactNode; word?: string; action: string; onConfirm: (reason: string) => void; pending?: boolean; reason?: string;
}) {
  const [typed, setTyped] = useState('');
  const [why, setWhy] = useState('');
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>{title}</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm(why);
        }}
      >
        <Text size="sm" c="dimmed" component="div" mb="md">{children}</Text>
        {reason && <TextInput label={reason} value={why} onChange={(event) => setWhy(event.currentTarget.value)} maxLength={500} mb="sm" data-autofocus />}
        {word && <TextInput label={`Type ${word} to confirm`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" mb="sm" data-autofocus={!reason || undefined} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" color="red" loading={pending} disabled={word !== undefined && typed !== word} data-autofocus={!word && !reason ? true : undefined}>{action}</Button>
        </Group>
      </form>
    </Modal>
  );
}
