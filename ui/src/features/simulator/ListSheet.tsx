// The rows of a list, rising from the foot of the phone; one is chosen and sent.
import { ActionIcon, Button, FocusTrap } from '@mantine/core';
import { X } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './chat.module.css';
import type { ChatMessage } from './types';

interface Props {
  message: ChatMessage;
  onChoose: (id: string) => void;
  onClose: () => void;
  /** Where rows can only be looked at. */
  isReadOnly?: boolean;
}

export function ListSheet({ message, onChoose, onClose, isReadOnly = false }: Props) {
  const { t } = useTranslation('simulator');
  const [chosen, setChosen] = useState<string | null>(null);
  const id = useId();

  function press(event: KeyboardEvent) {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    }
  }

  return (
    <div
      className={classes.shade}
      onKeyDown={press}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
      role="presentation"
    >
      <FocusTrap active>
        <form
          className={classes.sheet}
          role="dialog"
          aria-modal="true"
          aria-labelledby={`${id}-title`}
          onSubmit={(event) => {
            event.preventDefault();
            if (chosen !== null) onChoose(chosen);
          }}
        >
          <div className={classes.sheetHead}>
            <span id={`${id}-title`} style={{ flex: 1 }}>
              {message.label || t('list.open')}
            </span>
            <ActionIcon size={32} onClick={onClose} aria-label={t('common:close')}>
              <X size={18} />
            </ActionIcon>
          </div>
          <div className={classes.sheetRows}>
            {(message.sections ?? []).map((section, place) => (
              <fieldset key={section.rows[0]?.id ?? section.title} className={classes.section}>
                <legend className={section.title ? undefined : 'sr-only'}>{section.title || t('list.rows')}</legend>
                {section.rows.map((row, index) => (
                  <label key={row.id} className={classes.option}>
                    <input
                      type="radio"
                      name={`${id}-row`}
                      value={row.id}
                      checked={chosen === row.id}
                      disabled={isReadOnly}
                      data-autofocus={place === 0 && index === 0 ? true : undefined}
                      onChange={() => setChosen(row.id)}
                    />
                    <span>
                      {row.title}
                      {row.description ? (
                        <>
                          <br />
                          <span className={classes.small}>{row.description}</span>
                        </>
                      ) : null}
                    </span>
                  </label>
                ))}
              </fieldset>
            ))}
          </div>
          {isReadOnly ? null : (
            <div className={classes.sheetFoot}>
              <Button type="submit" fullWidth radius="xl" disabled={chosen === null}>
                {t('list.send')}
              </Button>
            </div>
          )}
        </form>
      </FocusTrap>
    </div>
  );
}
