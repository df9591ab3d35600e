// Whom a batch writes to: lines that are pasted or read from a file, and what is wrong with each.
import { Alert, Button, FileButton, Group, Select, Stack, Table, Text, Textarea } from '@mantine/core';
import { CircleCheck, CircleX, Upload } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ListTable } from '../../components/ListTable';
import type { Person, Table as PeopleTable } from './people';

const SHOWN = 8;
const MOST_CHARACTERS = 4_000_000;

interface Props {
  text: string;
  onText: (text: string) => void;
  table: PeopleTable;
  people: Person[];
  number: number;
  name: number | null;
  onColumns: (columns: { number: number; name: number | null }) => void;
}

export function PeopleFields({ text, onText, table, people, number, name, onColumns }: Props) {
  const { t } = useTranslation('batches');
  const [isTooLarge, setTooLarge] = useState(false);
  const columns = table.columns.map((column, at) => ({ value: String(at), label: column }));

  async function read(file: File | null) {
    if (!file) return;
    setTooLarge(file.size > MOST_CHARACTERS);
    if (file.size <= MOST_CHARACTERS) onText(await file.text());
  }

  return (
    <Stack gap="md">
      <Textarea
        label={t('people.lines')}
        description={t('people.linesHint')}
        placeholder={'phone,name,day\n+1 555 0100,Ana,Monday\n+1 555 0101,Luz,Tuesday'}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        minRows={5}
        maxRows={12}
        autosize
        spellCheck={false}
        required
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      />
      <Group gap="sm">
        <FileButton onChange={(file) => void read(file)} accept=".csv,.tsv,.txt,text/csv,text/plain">
          {(props) => (
            <Button variant="default" leftSection={<Upload size={16} aria-hidden />} {...props}>
              {t('people.file')}
            </Button>
          )}
        </FileButton>
        {isTooLarge ? (
          <Text size="sm" role="alert">
            {t('people.tooLarge')}
          </Text>
        ) : null}
      </Group>
      {columns.length > 1 ? (
        <Group gap="sm">
          <Select
            label={t('people.number')}
            data={columns}
            value={String(number)}
            onChange={(chosen) => onColumns({ number: Number(chosen), name })}
            allowDeselect={false}
            w={{ base: '100%', xs: 220 }}
          />
          <Select
            label={t('people.name')}
            data={[{ value: '', label: t('people.noName') }, ...columns]}
            value={name === null ? '' : String(name)}
            onChange={(chosen) => onColumns({ number, name: chosen ? Number(chosen) : null })}
            allowDeselect={false}
            w={{ base: '100%', xs: 220 }}
          />
        </Group>
      ) : null}
      {people.length > 0 ? <Checked people={people} /> : null}
    </Stack>
  );
}

/** How many can be written to, and the lines that are left out. */
function Checked({ people }: { people: Person[] }) {
  const { t } = useTranslation('batches');
  const [isWhole, setWhole] = useState(false);
  const wrong = people.filter(({ slip }) => slip !== null);
  const good = people.length - wrong.length;
  const shown = isWhole ? wrong.slice(0, 200) : wrong.slice(0, SHOWN);
  return (
    <Stack gap="sm" role="status">
      <Group gap={6} wrap="nowrap">
        <CircleCheck size={18} color="var(--mantine-color-jade-text)" style={{ flex: 'none' }} aria-hidden />
        <Text size="sm">{t('people.good', { count: good })}</Text>
      </Group>
      {wrong.length > 0 ? (
        <>
          <Group gap={6} wrap="nowrap">
            <CircleX size={18} color="var(--mantine-color-error)" style={{ flex: 'none' }} aria-hidden />
            <Text size="sm">{t('people.wrong', { count: wrong.length })}</Text>
          </Group>
          <ListTable
            label={t('people.wrongTitle')}
            minWidth={420}
            verticalSpacing="xs"
            heads={[t('people.line'), t('people.written'), t('people.why')]}
          >
            {shown.map((person) => (
              <Table.Tr key={person.line}>
                <Table.Td className="tabular">{person.line}</Table.Td>
                <Table.Td className="mono breaks">{person.phone || '–'}</Table.Td>
                <Table.Td>{t(`slips.${person.slip}`)}</Table.Td>
              </Table.Tr>
            ))}
          </ListTable>
          {wrong.length > shown.length && !isWhole ? (
            <Button variant="subtle" size="xs" style={{ alignSelf: 'flex-start' }} onClick={() => setWhole(true)}>
              {t('people.showWrong', { count: wrong.length })}
            </Button>
          ) : null}
        </>
      ) : null}
      {good === 0 ? (
        <Alert role="note" color="yellow">
          {t('people.nobody')}
        </Alert>
      ) : null}
    </Stack>
  );
}
