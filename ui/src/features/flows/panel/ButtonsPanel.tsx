// Settings of a question with buttons: at most three, or made of a list that an action brought.
import { useTranslation } from 'react-i18next';

import { RowButtons } from '../../../components/RowButtons';
import { moveRow, removeAt, replaceAt } from '../../../components/rows';
import { newId } from '../blocks';
import { useBuilder } from '../BuilderContext';
import type { ButtonsBlock } from '../definition';
import { LIMITS } from '../limits';
import { AddButton } from './AddButton';
import { AnswerKey, Around, AskText, WrongAnswers } from './AnswerParts';
import { TemplateInput } from './fields';
import classes from './panel.module.css';
import { Part } from './Part';
import { SourceChoice, SourceEditor } from './SourceEditor';
import { useBlockEdit } from './useBlockEdit';

export function ButtonsPanel({ block }: { block: ButtonsBlock }) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  const edit = useBlockEdit<ButtonsBlock>(block.id);
  const { buttons } = block;
  return (
    <>
      <AskText block={block} />
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
                    isSmall
                    name={button.title || t('fields.button', { number: place + 1 })}
                    index={place}
                    count={buttons.length}
                    onMove={(by) => edit({ buttons: moveRow(buttons, place, by) })}
                    onRemove={() => edit({ buttons: removeAt(buttons, place) })}
                  />
                )}
              </div>
            ))}
            {buttons.length >= LIMITS.buttons ? null : (
              <AddButton
                label={t('rows.addButton')}
                onClick={() => edit({ buttons: [...buttons, { id: newId('o'), title: '' }] })}
              />
            )}
          </div>
        )}
      </Part>
      <AnswerKey block={block} />
      <Around block={block} />
      <WrongAnswers block={block} />
    </>
  );
}
