// Finds blocks by their words and leads to them.
import { Text, TextInput, UnstyledButton } from '@mantine/core';
import { Search } from 'lucide-react';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { Dialog } from '../../components/Dialog';
import { BlockIcon } from './BlockIcon';
import type { Definition } from './definition';
import { inOrder } from './edges';
import classes from './flows.module.css';
import { searchBlocks } from './preview';
import { useBlockWords } from './useBlockWords';

interface Props {
  isOpen: boolean;
  definition: Definition;
  onClose: () => void;
  onPick: (id: string) => void;
}

const MOST = 30;

export function BlockSearch({ isOpen, definition, onClose, onPick }: Props) {
  const { t } = useTranslation('flows');
  const { title } = useBlockWords();
  const [query, setQuery] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const entries = useMemo(
    () => inOrder(definition).map(({ block }) => ({ block, title: `${title(block)} ${t(`types.${block.type}`)}` })),
    [definition, title, t],
  );
  const found = searchBlocks(entries, query).slice(0, MOST);

  function close() {
    setQuery('');
    onClose();
  }

  function pick(id: string) {
    close();
    onPick(id);
  }

  function press(event: KeyboardEvent) {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      buttons[Math.max(0, Math.min(buttons.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
    } else if (event.key === 'Enter' && at < 0 && found[0]) {
      event.preventDefault();
      pick(found[0].block.id);
    }
  }

  return (
    <Dialog isOpen={isOpen} onClose={close} title={t('search.title')} yOffset="12vh" centered={false}>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the keys go from the field into the list */}
      <div onKeyDown={press}>
        <TextInput
          type="search"
          aria-label={t('search.label')}
          placeholder={t('search.label')}
          leftSection={<Search size={16} aria-hidden />}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          data-autofocus
        />
        <Text className="sr-only" role="status">
          {t('search.found', { count: found.length })}
        </Text>
        <ul ref={list} className={classes.found}>
          {found.map(({ block }) => (
            <li key={block.id}>
              <UnstyledButton className={classes.foundEntry} onClick={() => pick(block.id)}>
                <BlockIcon type={block.type} size={26} />
                <span className={classes.entryNames}>
                  <Text span size="sm" fw={550} truncate display="block">
                    {title(block)}
                  </Text>
                  <Text span size="xs" c="dimmed" display="block">
                    {t(`types.${block.type}`)}
                  </Text>
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
        {found.length === 0 ? (
          <Text size="sm" c="dimmed" mt="sm">
            {t('search.none')}
          </Text>
        ) : null}
      </div>
    </Dialog>
  );
}
