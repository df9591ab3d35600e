// Settings of a list: sections with rows, or rows out of what an action brought.
import { Button, Group, Text } from '@mantine/core';
import { FolderPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { RowButtons } from '../../../components/RowButtons';
import { moveRow, removeAt, replaceAt } from '../../../components/rows';
import { newId } from '../blocks';
import { useBuilder } from '../BuilderContext';
import type { ListBlock, Row, Section } from '../definition';
import { LIMITS } from '../limits';
import { AddButton } from './AddButton';
import { AnswerKey, Around, AskText, OpenerLabel, WrongAnswers } from './AnswerParts';
import { TemplateInput } from './fields';
import classes from './panel.module.css';
import { Part } from './Part';
import { SourceChoice, SourceEditor } from './SourceEditor';
import { useBlockEdit } from './useBlockEdit';

const PAGE = 10;

export function ListPanel({ block }: { block: ListBlock }) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  const edit = useBlockEdit<ListBlock>(block.id);
  const { sections } = block;
  const rows = sections.reduce((sum, section) => sum + section.rows.length, 0);
  return (
    <>
      <AskText block={block} />
      <OpenerLabel block={block} label={t('fields.listLabel')} limit={LIMITS.label} />
      <Part title={t('panel.rows')}>
        <SourceChoice source={block.source} onChange={(source) => edit({ source })} />
        {block.source ? (
          <SourceEditor source={block.source} onChange={(source, about) => edit({ source }, about)} />
        ) : (
          <div data-path="sections" className={classes.rows}>
            {sections.map((section, place) => (
              <SectionEditor
                // oxlint-disable-next-line react/no-array-index-key -- sections have nothing else that stays the same
                key={place}
                section={section}
                place={place}
                count={sections.length}
                onChange={(next, about) =>
                  edit({ sections: replaceAt(sections, place, next) }, about && `section ${place} ${about}`)
                }
                onMove={(by) => edit({ sections: moveRow(sections, place, by) })}
                onRemove={() => edit({ sections: removeAt(sections, place) })}
              />
            ))}
            {rows > PAGE ? (
              <Text size="xs" c="dimmed">
                {t('fields.paged', { limit: PAGE })}
              </Text>
            ) : null}
            {isReadOnly ? null : (
              <Button
                variant="subtle"
                size="xs"
                leftSection={<FolderPlus size={14} aria-hidden />}
                onClick={() =>
                  edit({
                    sections: [...sections, { title: '', rows: [{ id: newId('o'), title: '', description: '' }] }],
                  })
                }
              >
                {t('rows.addSection')}
              </Button>
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

interface SectionProps {
  section: Section;
  place: number;
  count: number;
  onChange: (section: Section, about?: string) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

function SectionEditor({ section, place, count, onChange, onMove, onRemove }: SectionProps) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  const { rows } = section;
  const set = (at: number, part: Partial<Row>, about: string) =>
    onChange({ ...section, rows: replaceAt(rows, at, { ...rows[at]!, ...part }) }, `row ${rows[at]!.id} ${about}`);
  return (
    <div className={classes.rows}>
      {count > 1 || section.title ? (
        <div className={classes.line}>
          <div className={classes.grow}>
            <TemplateInput
              path={`sections[${place}].title`}
              label={t('fields.section', { number: place + 1 })}
              value={section.title}
              onChange={(title) => onChange({ ...section, title }, 'title')}
              limit={LIMITS.section}
            />
          </div>
          {isReadOnly ? null : (
            <RowButtons
              isSmall
              name={section.title || t('fields.section', { number: place + 1 })}
              index={place}
              count={count}
              onMove={onMove}
              onRemove={onRemove}
            />
          )}
        </div>
      ) : null}
      <div data-path={`sections[${place}].rows`} className={classes.rows}>
        {rows.map((row, at) => (
          <div key={row.id} className={classes.row}>
            <TemplateInput
              path={`sections[${place}].rows[${at}].title`}
              label={t('fields.row', { number: at + 1 })}
              value={row.title}
              onChange={(title) => set(at, { title }, 'title')}
              limit={LIMITS.rowTitle}
            />
            <TemplateInput
              path={`sections[${place}].rows[${at}].description`}
              label={t('fields.rowDescription', { number: at + 1 })}
              value={row.description}
              onChange={(description) => set(at, { description }, 'description')}
              limit={LIMITS.rowDescription}
            />
            {isReadOnly ? null : (
              <Group justify="flex-end">
                <RowButtons
                  isSmall
                  name={row.title || t('fields.row', { number: at + 1 })}
                  index={at}
                  count={rows.length}
                  onMove={(by) => onChange({ ...section, rows: moveRow(rows, at, by) })}
                  onRemove={() => onChange({ ...section, rows: removeAt(rows, at) })}
                />
              </Group>
            )}
          </div>
        ))}
      </div>
      <AddButton
        label={t('rows.addRow')}
        onClick={() => onChange({ ...section, rows: [...rows, { id: newId('o'), title: '', description: '' }] })}
      />
    </div>
  );
}
