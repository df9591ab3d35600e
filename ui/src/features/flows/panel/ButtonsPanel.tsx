// Settings of a question with buttons: at most three, or made of a list that an action brought.
import { Button, Group } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { newId } from '../blocks';
import { useBuilder } from '../BuilderContext';
import type { ButtonsBlock } from '../definition';
import { LIMITS } from '../limits';
import { AnswerKey, WrongAnswers } from './AnswerParts';
import { TemplateInput } from './fields';
import { moveBy, removeAt, replaceAt } from './lists';
import classes from './panel.module.css';
import { Part } from './Part';
import { RowButtons } from './RowButtons';
import { SourceChoice, SourceEditor } from './SourceEditor';
import { useBlockEdit } from './useBlockEdit';

export function ButtonsPanel({ block }: { block: ButtonsBlock }) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  const edit = useBlockEdit<ButtonsBlock>(block.id);
  const editAny = useBlockEdit<ButtonsBlock>(block.id) as Parameters<typeof AnswerKey>[0]['edit'];
  const { buttons } = block;
  return (
    <>
      <TemplateInput
        path="text"
        label={t('fields.text')}
        value={block.text}
        onChange={(text) => edit({ text }, 'text')}
        limit={LIMITS.body}
        isMultiline
      />
      <Part title={t('panel.buttons')}>
        <SourceChoice source={block.source} onChange={(source) => edit({ source })} />
        {block.source ? (
          <SourceEditor source={block.source} onChange={(source, about) => edit({ source }, about)} />
        ) : (
          <div data-path="buttons" className={classes.rows}>
            {buttons.map((button, place) => (
              <div key={button.id} className={classes.line}>
                <div className={classes.grow}>
                  <TemplateInput
                    path={`buttons[${place}].title`}
                    label={t('fields.button', { number: place + 1 })}
                    value={button.title}
                    onChange={(title) =>
                      edit({ buttons: replaceAt(buttons, place, { ...button, title }) }, `button ${button.id}`)
                    }
                    limit={LIMITS.button}
                  />
                </div>
                {isReadOnly ? null : (
                  <RowButtons
                    name={button.title || t('fields.button', { number: place + 1 })}
                    place={place}
                    count={buttons.length}
                    onMove={(by) => edit({ buttons: moveBy(buttons, place, by) })}
                    onRemove={() => edit({ buttons: removeAt(buttons, place) })}
                  />
                )}
              </div>
            ))}
            {isReadOnly || buttons.length >= LIMITS.buttons ? null : (
              <Button
                variant="light"
                size="xs"
                leftSection={<Plus size={14} aria-hidden />}
                onClick={() => edit({ buttons: [...buttons, { id: newId('o'), title: '' }] })}
              >
                {t('rows.addButton')}
              </Button>
            )}
          </div>
        )}
      </Part>
      <AnswerKey block={block} edit={editAny} />
      <Around block={block} onChange={(part, about) => edit(part, about)} />
      <WrongAnswers block={block} edit={editAny} />
    </>
  );
}

interface AroundProps {
  block: { header: string; footer: string };
  onChange: (part: { header?: string; footer?: string }, about: string) => void;
}

/** The lines above and below the text. */
export function Around({ block, onChange }: AroundProps) {
  const { t } = useTranslation('flows');
  return (
    <Part title={t('panel.around')} isFolded={!block.header && !block.footer}>
      <Group gap="sm" className={classes.stacked}>
        <TemplateInput
          path="header"
          label={t('fields.header')}
          value={block.header}
          onChange={(header) => onChange({ header }, 'header')}
          limit={LIMITS.header}
        />
        <TemplateInput
          path="footer"
          label={t('fields.footer')}
          value={block.footer}
          onChange={(footer) => onChange({ footer }, 'footer')}
          limit={LIMITS.footer}
        />
      </Group>
    </Part>
  );
}
