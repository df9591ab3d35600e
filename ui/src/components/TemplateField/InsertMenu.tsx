// The "+" of a template field: a list of what can be inserted there, to search in.
import { ActionIcon, Combobox, Text, useCombobox } from '@mantine/core';
import { Braces, KeyRound, LockKeyhole, Plus } from 'lucide-react';
import { memo, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { matchingOptions } from './matching';
import classes from './TemplateField.module.css';
import { REFERENCE_GROUPS, type ReferenceOption } from './types';

interface Props {
  /** Of the field. */
  label: string;
  options: ReferenceOption[];
  typeOf: (option: ReferenceOption) => string;
  onPick: (option: ReferenceOption) => void;
  /** The list was left without picking. */
  onClose: () => void;
}

const SEARCHED_FROM = 9;

export const InsertMenu = memo(function InsertMenu({ label, options, typeOf, onPick, onClose }: Props) {
  const { t } = useTranslation('requests');
  const [query, setQuery] = useState('');
  const hasPicked = useRef(false);
  const combobox = useCombobox({
    onDropdownOpen: () => {
      hasPicked.current = false;
      if (options.length >= SEARCHED_FROM) combobox.focusSearchInput();
      combobox.selectFirstOption();
    },
    onDropdownClose: () => {
      setQuery('');
      combobox.resetSelectedOption();
      if (!hasPicked.current) onClose();
    },
  });
  const found = useMemo(() => matchingOptions(options, query), [options, query]);

  function pick(text: string) {
    const option = options.find((each) => each.text === text);
    hasPicked.current = true;
    combobox.closeDropdown();
    if (option) onPick(option);
  }

  return (
    <Combobox store={combobox} onOptionSubmit={pick} position="bottom-end" width={320} shadow="md" withinPortal>
      <Combobox.Target targetType="button" withExpandedAttribute>
        <ActionIcon
          className={classes.plus}
          size={28}
          onClick={() => combobox.toggleDropdown()}
          aria-label={t('field.insertInto', { label })}
          title={t('field.insert')}
        >
          <Plus size={16} aria-hidden />
        </ActionIcon>
      </Combobox.Target>
      <Combobox.Dropdown>
        {options.length >= SEARCHED_FROM ? (
          <Combobox.Search
            value={query}
            onChange={(event) => {
              setQuery(event.currentTarget.value);
              combobox.updateSelectedOptionIndex();
            }}
            placeholder={t('common:search')}
            aria-label={t('common:search')}
          />
        ) : null}
        <Combobox.Options mah={320} style={{ overflowY: 'auto' }} aria-label={t('field.list')}>
          {REFERENCE_GROUPS.map((group) => {
            const here = found.filter((option) => option.group === group);
            if (here.length === 0) return null;
            return (
              <Combobox.Group key={group} label={t(`field.${group}`)} classNames={{ groupLabel: classes.group }}>
                {here.map((option) => (
                  <Option
                    key={option.text}
                    option={option}
                    type={option.isDiscouraged ? t('field.discouraged') : typeOf(option)}
                  />
                ))}
              </Combobox.Group>
            );
          })}
          {found.length === 0 ? (
            <Combobox.Empty>{options.length === 0 ? t('field.none') : t('field.noMatch')}</Combobox.Empty>
          ) : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
});

function Option({ option, type }: { option: ReferenceOption; type: string }) {
  const Icon = option.isSecret ? LockKeyhole : option.group === 'auth' ? KeyRound : Braces;
  return (
    <Combobox.Option value={option.text} className={classes.option}>
      <Icon size={14} aria-hidden className={option.isSecret ? classes.secret : classes.plain} />
      <span className={classes.names}>
        <Text span size="sm" fw={550} truncate display="block">
          {option.label || option.text}
        </Text>
        <Text span size="xs" c="dimmed" ff="monospace" truncate display="block">
          {option.text}
        </Text>
      </span>
      <Text
        span
        size="xs"
        c={option.isDiscouraged ? 'var(--mantine-color-yellow-text)' : 'dimmed'}
        className={classes.type}
      >
        {type}
      </Text>
    </Combobox.Option>
  );
}
