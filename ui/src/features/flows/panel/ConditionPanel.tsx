// Settings of a condition: its branches, each with groups of comparisons.
import { ActionIcon, Button, Group, NativeSelect, SegmentedControl, Text } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { RowButtons } from '../../../components/RowButtons';
import { moveRow, removeAt, replaceAt } from '../../../components/rows';
import { newId } from '../blocks';
import { useBuilder } from '../BuilderContext';
import {
  OPERATORS,
  type Branch,
  type Comparison,
  type ConditionBlock,
  type Group as TestGroup,
  type Match,
  type Operator,
} from '../definition';
import { AddButton } from './AddButton';
import { PlainInput, TemplateInput } from './fields';
import classes from './panel.module.css';
import { Part } from './Part';
import { useBlockEdit } from './useBlockEdit';

const ALONE: ReadonlySet<Operator> = new Set(['is_empty', 'is_not_empty', 'is_true', 'is_false']);
const NEW_TEST: Comparison = { left: '', operator: 'equals', right: '' };
const NEW_GROUP: TestGroup = { match: 'all', tests: [NEW_TEST] };

export function ConditionPanel({ block }: { block: ConditionBlock }) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  const edit = useBlockEdit<ConditionBlock>(block.id);
  const { branches } = block;
  return (
    <div data-path="branches" className={classes.rows}>
      <Text size="sm" c="dimmed">
        {t('condition.hint')}
      </Text>
      {branches.map((branch, place) => (
        <Part
          key={branch.id}
          title={branch.name || t('condition.branch', { number: place + 1 })}
          action={
            isReadOnly ? null : (
              <RowButtons
                isSmall
                name={branch.name || t('condition.branch', { number: place + 1 })}
                index={place}
                count={branches.length}
                onMove={(by) => edit({ branches: moveRow(branches, place, by) })}
                onRemove={() => edit({ branches: removeAt(branches, place) })}
              />
            )
          }
        >
          <BranchEditor
            branch={branch}
            path={`branches[${place}]`}
            onChange={(next, about) =>
              edit({ branches: replaceAt(branches, place, next) }, about && `branch ${branch.id} ${about}`)
            }
          />
        </Part>
      ))}
      <AddButton
        label={t('condition.addBranch')}
        onClick={() =>
          edit({ branches: [...branches, { id: newId('o'), name: '', match: 'all', groups: [NEW_GROUP] }] })
        }
      />
    </div>
  );
}

interface BranchProps {
  branch: Branch;
  path: string;
  onChange: (branch: Branch, about?: string) => void;
}

function BranchEditor({ branch, path, onChange }: BranchProps) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  const { groups } = branch;
  return (
    <>
      <PlainInput
        path={`${path}.name`}
        label={t('condition.name')}
        value={branch.name}
        onChange={(name) => onChange({ ...branch, name }, 'name')}
      />
      {groups.length > 1 ? (
        <MatchChoice
          label={t('condition.groupsMatch')}
          value={branch.match}
          onChange={(match) => onChange({ ...branch, match })}
        />
      ) : null}
      <div data-path={`${path}.groups`} className={classes.rows}>
        {groups.map((group, place) => (
          <GroupEditor
            // oxlint-disable-next-line react/no-array-index-key -- groups have nothing else that stays the same
            key={place}
            group={group}
            path={`${path}.groups[${place}]`}
            number={place + 1}
            isOnly={groups.length === 1}
            onChange={(next, about) =>
              onChange({ ...branch, groups: replaceAt(groups, place, next) }, about && `group ${place} ${about}`)
            }
            onRemove={() => onChange({ ...branch, groups: removeAt(groups, place) })}
          />
        ))}
      </div>
      {isReadOnly ? null : (
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => onChange({ ...branch, groups: [...groups, NEW_GROUP] })}
          className={classes.begin}
        >
          {t('condition.addGroup')}
        </Button>
      )}
    </>
  );
}

interface GroupProps {
  group: TestGroup;
  path: string;
  number: number;
  isOnly: boolean;
  onChange: (group: TestGroup, about?: string) => void;
  onRemove: () => void;
}

function GroupEditor({ group, path, number, isOnly, onChange, onRemove }: GroupProps) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  const { tests } = group;
  return (
    <div className={isOnly ? classes.rows : classes.row} role="group" aria-label={t('condition.group', { number })}>
      {tests.length > 1 || !isOnly ? (
        <Group justify="space-between" wrap="nowrap" align="flex-end">
          <MatchChoice
            label={t('condition.testsMatch')}
            value={group.match}
            onChange={(match) => onChange({ ...group, match })}
          />
          {isOnly || isReadOnly ? null : (
            <ActionIcon onClick={onRemove} aria-label={t('condition.removeGroup', { number })}>
              <Trash2 size={15} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ) : null}
      {tests.map((test, place) => {
        const change = (part: Partial<Comparison>, about?: string) =>
          onChange(
            { ...group, tests: replaceAt(tests, place, { ...test, ...part }) },
            about && `test ${place} ${about}`,
          );
        const name = { number: place + 1 };
        return (
          // oxlint-disable-next-line react/no-array-index-key -- comparisons have nothing else that stays the same
          <div key={place} className={classes.test} data-path={`${path}.tests[${place}]`}>
            <TemplateInput
              path={`${path}.tests[${place}].left`}
              label={t('condition.left', name)}
              isLabelHidden
              placeholder={t('condition.leftHint')}
              value={test.left}
              onChange={(left) => change({ left }, 'left')}
            />
            <Group gap={4} wrap="nowrap">
              <NativeSelect
                className={classes.grow}
                aria-label={t('condition.operator', name)}
                data={OPERATORS.map((operator) => ({ value: operator, label: t(`operators.${operator}`) }))}
                value={test.operator}
                onChange={(event) => change({ operator: event.currentTarget.value as Operator })}
                disabled={isReadOnly}
              />
              {isReadOnly || tests.length === 1 ? null : (
                <ActionIcon
                  size={32}
                  onClick={() => onChange({ ...group, tests: removeAt(tests, place) })}
                  aria-label={t('condition.removeTest', name)}
                >
                  <Trash2 size={15} aria-hidden />
                </ActionIcon>
              )}
            </Group>
            {ALONE.has(test.operator) ? null : (
              <TemplateInput
                path={`${path}.tests[${place}].right`}
                label={t('condition.right', name)}
                isLabelHidden
                placeholder={t(test.operator === 'is_one_of' ? 'condition.oneOfHint' : 'condition.rightHint')}
                value={test.right}
                onChange={(right) => change({ right }, 'right')}
              />
            )}
          </div>
        );
      })}
      {isReadOnly ? null : (
        <Button
          variant="subtle"
          size="compact-xs"
          className={classes.begin}
          onClick={() => onChange({ ...group, tests: [...tests, NEW_TEST] })}
        >
          {t('condition.addTest')}
        </Button>
      )}
    </div>
  );
}

function MatchChoice({ label, value, onChange }: { label: string; value: Match; onChange: (match: Match) => void }) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  return (
    <SegmentedControl
      size="xs"
      value={value}
      onChange={(match) => onChange(match as Match)}
      disabled={isReadOnly}
      aria-label={label}
      data={[
        { value: 'all', label: t('condition.all') },
        { value: 'any', label: t('condition.any') },
      ]}
    />
  );
}
