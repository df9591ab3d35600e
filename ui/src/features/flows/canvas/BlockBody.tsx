// The few words that tell what a block does.
import { useTranslation } from 'react-i18next';

import type { Block, Content } from '../definition';
import { contentText, MAX_PREVIEW, previewOf } from '../preview';
import { TemplateText } from '../TemplateText';
import { duration } from '../time';
import classes from './canvas.module.css';
import { useDrawing } from './context';

export function BlockBody({ block }: { block: Block }) {
  const { t } = useTranslation('flows');
  const { names } = useDrawing();
  switch (block.type) {
    case 'message':
      return <Message content={block.content} />;
    case 'question':
      return (
        <>
          <Said text={block.text} missing={t('body.noText')} />
          <p className={classes.fact}>{t(`answers.${block.expects}`)}</p>
        </>
      );
    case 'buttons':
    case 'list':
      return (
        <>
          <Said text={block.text} missing={t('body.noText')} />
          {block.source ? <p className={classes.fact}>{t('body.fromOutput')}</p> : null}
        </>
      );
    case 'form':
      return <Said text={block.text} missing={t(block.form_id ? 'body.noText' : 'body.noForm')} />;
    case 'custom_integration': {
      const name = names.get(block.action_id);
      return (
        <p className={classes.said} data-missing={!block.action_id || undefined}>
          {block.action_id ? (name ?? t('body.unknownAction')) : t('body.noAction')}
        </p>
      );
    }
    case 'call_flow':
      return (
        <p className={classes.said} data-missing={!block.flow_id || undefined}>
          {block.flow_id ? (names.get(block.flow_id) ?? t('body.unknownFlow')) : t('body.noFlow')}
        </p>
      );
    case 'set_variable':
      return block.variable ? (
        <p className={classes.said}>
          <b>{block.variable}</b> = <TemplateText text={block.value} />
        </p>
      ) : (
        <p className={classes.said} data-missing>
          {t('body.noVariable')}
        </p>
      );
    case 'wait':
      return block.until ? (
        <p className={classes.said}>
          {t('body.until')} <TemplateText text={block.until} />
        </p>
      ) : (
        <p className={classes.said}>{duration(block.seconds ?? 0, t)}</p>
      );
    case 'jump':
      return (
        <p className={classes.said} data-missing={!block.block || undefined}>
          {block.block ? (names.get(block.block) ?? t('body.unknownBlock')) : t('body.noBlock')}
        </p>
      );
    case 'hand_over':
    case 'end':
      return previewOf(block) ? <Said text={previewOf(block)} missing="" /> : null;
    case 'condition':
      return null;
  }
}

function Message({ content }: { content: Content }) {
  const { t } = useTranslation('flows');
  const hasFact = content.kind !== 'text';
  return (
    <>
      <Said text={contentText(content)} missing={t('body.noText')} />
      {hasFact ? (
        <p className={classes.fact}>
          {t(`contents.${content.kind}`)}
          {content.kind === 'link_button' && content.label ? ` · ${content.label}` : ''}
        </p>
      ) : null}
    </>
  );
}

function Said({ text, missing }: { text: string; missing: string }) {
  if (!text.trim())
    return (
      <p className={classes.said} data-missing>
        {missing}
      </p>
    );
  const shown = text.length > MAX_PREVIEW * 2 ? text.slice(0, MAX_PREVIEW * 2) : text;
  return (
    <p className={classes.said}>
      <TemplateText text={shown} />
    </p>
  );
}
