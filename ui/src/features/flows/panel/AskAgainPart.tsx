// When the API refuses an input: the person is asked again for the answer that filled it.
import { Group, MultiSelect, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { RowButtons } from '../../../components/RowButtons';
import { moveRow, removeAt, replaceAt } from '../../../components/rows';
import { useBuilder } from '../BuilderContext';
import { OUTCOMES, type AskAgain, type CustomIntegrationBlock } from '../definition';
import { LIMITS } from '../limits';
import { AddButton } from './AddButton';
import { NumberField, PlainInput, TemplateInput } from './fields';
import classes from './panel.module.css';
import { Part } from './Part';
import type { Edit } from './useBlockEdit';

interface Props {
  block: CustomIntegrationBlock;
  inputs: readonly { key: string; name: string }[];
  edit: Edit<CustomIntegrationBlock>;
}

export function AskAgainPart({ block, inputs, edit }: Props) {
  const { t } = useTranslation('flows');
  const { isReadOnly, errors } = useBuilder();
  const rules = block.ask_again;
  const nameOf = (key: string) => inputs.find((input) => input.key === key)?.name || key;
  return (
    <Part title={t('panel.askAgain')} hint={t('panel.askAgainHint')} isFolded={rules.length === 0}>
      {rules.map((rule, place) => {
        const path = `ask_again[${place}]`;
        const change = (part: Partial<AskAgain>, about?: string) =>
          edit({ ask_again: replaceAt(rules, place, { ...rule, ...part }) }, about && `ask_again ${place} ${about}`);
        return (
          // oxlint-disable-next-line react/no-array-index-key -- rules have nothing else that stays the same
          <div key={place} className={classes.row} data-path={path}>
            <div data-path={`${path}.input`}>
              <Select
                label={t('askAgain.input')}
                data={inputs.map(({ key, name }) => ({ value: key, label: name || key }))}
                value={rule.input || null}
                onChange={(input) => change({ input: input ?? '' })}
                error={errors[`${path}.input`]}
                readOnly={isReadOnly}
              />
            </div>
            <div data-path={`${path}.outcomes`}>
              <MultiSelect
                label={t('askAgain.outcomes')}
                data={OUTCOMES.map((outcome) => ({ value: outcome, label: t(`common:outcomes.${outcome}`) }))}
                value={rule.outcomes}
                onChange={(outcomes) => change({ outcomes })}
                error={errors[`${path}.outcomes`]}
                readOnly={isReadOnly}
                withScrollArea={false}
              />
            </div>
            <PlainInput
              path={`${path}.contains`}
              label={t('askAgain.contains')}
              description={t('askAgain.containsHint')}
              value={rule.contains}
              onChange={(contains) => change({ contains }, 'contains')}
            />
            <TemplateInput
              path={`${path}.text`}
              label={t('askAgain.text')}
              value={rule.text}
              onChange={(text) => change({ text }, 'text')}
              limit={LIMITS.text}
            />
            <NumberField
              path={`${path}.at_most`}
              label={t('askAgain.atMost')}
              value={rule.at_most}
              onChange={(count) => change({ at_most: count ?? 1 }, 'at_most')}
              min={1}
              max={10}
            />
            {isReadOnly ? null : (
              <Group justify="flex-end">
                <RowButtons
                  isSmall
                  name={nameOf(rule.input)}
                  index={place}
                  count={rules.length}
                  onMove={(by) => edit({ ask_again: moveRow(rules, place, by) })}
                  onRemove={() => edit({ ask_again: removeAt(rules, place) })}
                />
              </Group>
            )}
          </div>
        );
      })}
      <AddButton
        label={t('askAgain.add')}
        onClick={() =>
          edit({
            ask_again: [
              ...rules,
              {
                input: inputs[0]?.key ?? '',
                outcomes: ['http_4xx', 'input_invalid'],
                contains: '',
                text: '',
                at_most: 2,
              },
            ],
          })
        }
      />
    </Part>
  );
}
