// What every block that waits for an answer has: the answer's name, and what happens when it does not fit or does not come.
import { useTranslation } from 'react-i18next';

import type { ButtonsBlock, FormBlock, ListBlock, QuestionBlock } from '../definition';
import { LIMITS } from '../limits';
import { DurationField, KeyInput, NumberField, TemplateInput } from './fields';
import { Part } from './Part';
import type { Edit } from './useBlockEdit';

type AskingBlock = QuestionBlock | ButtonsBlock | ListBlock | FormBlock;
interface Props {
  block: AskingBlock;
  edit: Edit<AskingBlock>;
}

export function AnswerKey({ block, edit }: Props) {
  const { t } = useTranslation('flows');
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

export function WrongAnswers({ block, edit }: Props) {
  const { t } = useTranslation('flows');
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
