// Settings of a message: text, a file, a place, or a link.
import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { newContent } from '../blocks';
import { useBuilder } from '../BuilderContext';
import { CONTENT_KINDS, type Content, type MessageBlock } from '../definition';
import { LIMITS } from '../limits';
import { contentText } from '../preview';
import { TemplateInput } from './fields';
import { useBlockEdit } from './useBlockEdit';

export function MessagePanel({ block }: { block: MessageBlock }) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  const edit = useBlockEdit<MessageBlock>(block.id);
  const { content } = block;
  const set = (part: Partial<Content>, about: string) => edit({ content: { ...content, ...part } as Content }, about);

  /** The words that were typed go along into another kind. */
  function choose(kind: Content['kind']) {
    const next = newContent(kind);
    const words = contentText(content);
    if ('text' in next) next.text = words;
    else if ('caption' in next) next.caption = words;
    else next.name = words;
    edit({ content: next });
  }

  const url = 'url' in content ? content.url : '';
  const urlField = (
    <TemplateInput
      path="content.url"
      label={t('fields.url')}
      description={t(content.kind === 'link_button' ? 'fields.linkUrlHint' : 'fields.urlHint')}
      placeholder="https://"
      value={url}
      onChange={(text) => set({ url: text }, 'url')}
      required
    />
  );
  return (
    <>
      <Select
        label={t('fields.content')}
        data={CONTENT_KINDS.map((kind) => ({ value: kind, label: t(`contents.${kind}`) }))}
        value={content.kind}
        onChange={(kind) => choose(kind as Content['kind'])}
        readOnly={isReadOnly}
      />
      {content.kind === 'text' || content.kind === 'link_button' ? (
        <TemplateInput
          path="content.text"
          label={t('fields.text')}
          value={content.text}
          onChange={(text) => set({ text }, 'text')}
          limit={content.kind === 'text' ? LIMITS.text : LIMITS.body}
          isMultiline
        />
      ) : null}
      {content.kind === 'link_button' ? (
        <TemplateInput
          path="content.label"
          label={t('fields.linkLabel')}
          value={content.label}
          onChange={(label) => set({ label }, 'label')}
          limit={LIMITS.label}
          required
        />
      ) : null}
      {'url' in content ? urlField : null}
      {content.kind === 'document' ? (
        <TemplateInput
          path="content.filename"
          label={t('fields.filename')}
          value={content.filename}
          onChange={(filename) => set({ filename }, 'filename')}
          limit={LIMITS.filename}
        />
      ) : null}
      {'caption' in content ? (
        <TemplateInput
          path="content.caption"
          label={t('fields.caption')}
          value={content.caption}
          onChange={(caption) => set({ caption }, 'caption')}
          limit={LIMITS.caption}
          isMultiline
        />
      ) : null}
      {content.kind === 'location' ? (
        <>
          {(['latitude', 'longitude', 'name', 'address'] as const).map((name) => (
            <TemplateInput
              key={name}
              path={`content.${name}`}
              label={t(`fields.${name}`)}
              value={content[name]}
              onChange={(text) => set({ [name]: text }, name)}
              required={name === 'latitude' || name === 'longitude'}
            />
          ))}
        </>
      ) : null}
    </>
  );
}
