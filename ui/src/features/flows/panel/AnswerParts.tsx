// What every block that waits for an answer has: the answer's name, and what happens when it does not fit or does not come.
import { useTranslation } from 'react-i18next';

import type { ButtonsBlock, FormBlock, ListBlock, QuestionBlock } from '../definition';
import { LIMITS } from '../limits';
import { DurationField, KeyInput, NumberField, TemplateInput } from './fields';
import { Part } from './Part';
import { useBlockEdit } from './useBlockEdit';

type AskingBlock = QuestionBlock | ButtonsBlock | ListBlock | FormBlock;
interface Props {
  block: AskingBlock;
}

/** What is written above the buttons, the list or the form. */
export function AskText({ block }: { block: Exclude<AskingBlock, QuestionBlock> }) {
  const { t } = useTranslation('flows');
  const edit = useBlockEdit<AskingBlock>(block.id);
  return (
    <TemplateInput
      path="text"
      label={t('fields.text')}
      value={block.text}
      onChange={(text) => edit({ text }, 'text')}
      limit={LIMITS.body}
      isMultiline
    />
  );
}

/** What is written on the button that opens the list or the form. */
export function OpenerLabel({ block, label, limit }: { block: ListBlock | FormBlock; label: string; limit: number }) {
  const { t } = useTranslation('flows');
  const edit = useBlockEdit<ListBlock | FormBlock>(block.id);
  return (
    <TemplateInput
      path="label"
      label={label}
      description={t('fields.listLabelHint')}
      value={block.label}
      onChange={(text) => edit({ label: text }, 'label')}
      limit={limit}
    />
  );
}

export function AnswerKey({ block }: Props) {
  const { t } = useTranslation('flows');
  const edit = useBlockEdit<AskingBlock>(block.id);
  return (
    <KeyInput
      path="answer"
      label={t('fields.answer')}
      description={t('fields.answerHint', { key: block.answer || 'name' })}
      value={block.answer}
      onChange={(answer) => edit({ answer }, 'answer')}
    />
  );
}

export function WrongAnswers({ block }: Props) {
  const { t } = useTranslation('flows');
  const edit = useBlockEdit<AskingBlock>(block.id);
  return (
    <Part
      title={t('panel.wrongAnswers')}
      isFolded={!block.retry_text && block.attempts === 3 && block.timeout_seconds === null}
    >
      <TemplateInput
        path="retry_text"
        label={t('fields.retryText')}
        description={t('fields.retryTextHint')}
        value={block.retry_text}
        onChange={(text) => edit({ retry_text: text }, 'retry_text')}
        limit={LIMITS.text}
        isMultiline
      />
      <NumberField
        path="attempts"
        label={t('fields.attempts')}
        description={t('fields.attemptsHint')}
        value={block.attempts}
        onChange={(attempts) => edit({ attempts: attempts ?? 1 }, 'attempts')}
        min={1}
        max={20}
      />
      <DurationField
        path="timeout_seconds"
        label={t('fields.timeout')}
        description={t('fields.timeoutHint')}
        placeholder={t('fields.asLong')}
        seconds={block.timeout_seconds}
        onChange={(seconds) => edit({ timeout_seconds: seconds }, 'timeout_seconds')}
        isOptional
      />
    </Part>
  );
}

/** The lines above and below the text. */
export function Around({ block }: { block: Exclude<AskingBlock, QuestionBlock> }) {
  const { t } = useTranslation('flows');
  const edit = useBlockEdit<AskingBlock>(block.id);
  return (
    <Part title={t('panel.around')} isFolded={!block.header && !block.footer}>
      <TemplateInput
        path="header"
        label={t('fields.header')}
        value={block.header}
        onChange={(header) => edit({ header }, 'header')}
        limit={LIMITS.header}
      />
      <TemplateInput
        path="footer"
        label={t('fields.footer')}
        value={block.footer}
        onChange={(footer) => edit({ footer }, 'footer')}
        limit={LIMITS.footer}
      />
    </Part>
  );
}
