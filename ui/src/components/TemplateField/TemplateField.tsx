// A text with references in it, each shown as one piece: typed with `{{`, picked with the button, pasted or dragged.
import { Box, Button, Input, Text } from '@mantine/core';
import { Lightbulb } from 'lucide-react';
import { lazy, Suspense, useCallback, useId, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { announce } from './announce';
import type { Known } from './chips';
import type { Offer } from './completion';
import { examine, MAX_REFERENCES, type Finding } from './grammar';
import { InsertMenu } from './InsertMenu';
import classes from './TemplateField.module.css';
import { REFERENCE_GROUPS, type ReferenceOption, type TemplateEditor } from './types';

const Editor = lazy(async () => ({ default: (await import('./Editor')).Editor }));

interface Props {
  label: string;
  /** The label is then only heard. */
  isLabelHidden?: boolean;
  description?: ReactNode;
  value: string;
  onChange: (value: string) => void;
  references: ReferenceOption[];
  error?: string;
  /** Said quietly, since the text may not be finished. */
  softError?: string;
  placeholder?: string;
  /** Lines as many as one likes, begun with Enter. */
  isMultiline?: boolean;
  /** One line as a rule, broken with Shift+Enter. */
  canBreak?: boolean;
  language?: 'json' | 'text';
  /** Sees pasted text first; true takes it. */
  onPasteText?: (text: string) => boolean;
  required?: boolean;
  id?: string;
  readOnly?: boolean;
  onBlur?: () => void;
}

export function TemplateField({
  label,
  isLabelHidden = false,
  description,
  value,
  onChange,
  references,
  error,
  softError,
  placeholder = '',
  isMultiline = false,
  canBreak = false,
  language = 'text',
  onPasteText,
  required = false,
  id,
  readOnly = false,
  onBlur,
}: Props) {
  const { t } = useTranslation('requests');
  const made = useId();
  const at = id ?? made;
  const ids = {
    label: `${at}-label`,
    description: `${at}-description`,
    error: `${at}-error`,
    finding: `${at}-finding`,
  };
  const editor = useRef<TemplateEditor>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const typeOf = useCallback(
    (option: ReferenceOption) => t(`common:types.${option.type}`, { defaultValue: option.type }),
    [t],
  );

  const known = useMemo(
    (): Known => ({
      byText: new Map(references.map((option) => [option.text, option])),
      words: {
        name: (option) =>
          t(option.isSecret ? 'field.chipSecret' : 'field.chip', {
            label: option.label || option.text,
            type: typeOf(option),
          }),
        unknown: (written) => t('field.chipUnknown', { written }),
        type: typeOf,
      },
    }),
    [references, t, typeOf],
  );
  const tell = useCallback(
    (option: ReferenceOption) => announce(t('field.inserted', { label: option.label || option.text })),
    [t],
  );
  const pick = useCallback(
    (option: ReferenceOption) => {
      editor.current?.insert(option.text);
      tell(option);
    },
    [tell],
  );
  const focus = useCallback(() => editor.current?.focus(), []);
  const options = useMemo(() => references.filter((option) => !option.isHidden), [references]);
  const offer = useMemo(
    (): Offer => ({
      options,
      sections: Object.fromEntries(REFERENCE_GROUPS.map((group) => [group, t(`field.${group}`)])),
      discouraged: t('field.discouraged'),
      onInsert: tell,
    }),
    [options, t, tell],
  );
  const phrases = useMemo(() => ({ Completions: t('field.list') }), [t]);

  const finding = useMemo(() => examine(value, references, caret)[0], [value, references, caret]);
  const isTyping = useMemo(
    () => caret !== null && !finding && examine(value, references).length > 0,
    [value, references, caret, finding],
  );
  const said = error ?? (finding || isTyping ? undefined : softError); // what is seen here already is not said twice
  const described = [description && ids.description, said && ids.error, finding && ids.finding]
    .filter(Boolean)
    .join(' ');
  const attributes: Record<string, string> = {
    id: at,
    'aria-labelledby': ids.label,
    'aria-multiline': String(isMultiline || canBreak),
    ...(described && { 'aria-describedby': described }),
    ...(error && { 'aria-invalid': 'true' }),
    ...(required && { 'aria-required': 'true' }),
    ...(readOnly && { 'aria-readonly': 'true', tabindex: '0' }),
    ...(!readOnly && { 'aria-keyshortcuts': 'Control+Space' }),
    spellcheck: 'false',
    autocapitalize: 'off',
    autocorrect: 'off',
    translate: 'no',
  };

  return (
    <Input.Wrapper
      labelElement="div"
      label={isLabelHidden ? undefined : label}
      labelProps={{ id: ids.label, onClick: () => editor.current?.focus() }}
      required={required && !isLabelHidden}
      description={description}
      descriptionProps={{ id: ids.description }}
      inputWrapperOrder={['label', 'description', 'input', 'error']}
    >
      {isLabelHidden ? (
        <span id={ids.label} className="sr-only">
          {label}
        </span>
      ) : null}
      <Box
        className={classes.box}
        data-multiline={isMultiline || undefined}
        data-described={description ? true : undefined}
        data-invalid={error ? true : undefined}
        data-read-only={readOnly || undefined}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) onBlur?.();
        }}
      >
        <div className={classes.text}>
          <Suspense
            fallback={
              <div className={classes.waiting} aria-hidden>
                {value || placeholder}
              </div>
            }
          >
            <Editor
              ref={editor}
              value={value}
              onChange={onChange}
              onCaret={setCaret}
              onPasteText={onPasteText}
              known={known}
              offer={offer}
              phrases={phrases}
              attributes={attributes}
              placeholder={placeholder}
              isMultiline={isMultiline}
              canBreak={canBreak}
              isReadOnly={readOnly}
              language={language}
            />
          </Suspense>
        </div>
        {readOnly ? null : <InsertMenu label={label} options={options} typeOf={typeOf} onPick={pick} onClose={focus} />}
      </Box>
      {said ? (
        <Input.Error
          id={ids.error}
          mt={5}
          className="breaks"
          c={error ? undefined : 'var(--mantine-color-yellow-text)'}
          data-soft={error ? undefined : true}
        >
          {said}
        </Input.Error>
      ) : null}
      {finding && (!said || finding.nearest) ? (
        <Text
          id={ids.finding}
          component="div"
          size="xs"
          mt={5}
          c="var(--mantine-color-error)"
          className={classes.finding}
        >
          {said ? null : <FindingText finding={finding} />}
          {finding.nearest && !readOnly ? (
            <Button
              size="compact-xs"
              variant="light"
              leftSection={<Lightbulb size={12} aria-hidden />}
              onClick={() => editor.current?.replace(finding.from, finding.to, `{{${finding.nearest}}}`)}
            >
              {t('field.use', { name: finding.nearest })}
            </Button>
          ) : null}
        </Text>
      ) : null}
    </Input.Wrapper>
  );
}

function FindingText({ finding }: { finding: Finding }) {
  const { t } = useTranslation('requests');
  if (finding.kind === 'too_many') return <span>{t('field.tooMany', { limit: MAX_REFERENCES })}</span>;
  const what = t(finding.kind === 'unknown' ? 'field.unknown' : 'field.syntax', {
    written: finding.written,
    escape: '\\{{',
  });
  const question = finding.nearest ? t('field.didYouMean', { name: finding.nearest }) : '';
  return <span>{[what, question].filter(Boolean).join(' ')}</span>;
}
