// A JSON body as text: what does not read as JSON yet is kept, with the place where it goes wrong.
import { List, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { TemplateField, type ReferenceOption } from '../../components/TemplateField';
import { bodyOfText, slipOf, textOfBody, type FullBody } from './bodies';
import { errorsBelow, type FieldErrors } from './errors';

interface Props {
  body: FullBody;
  onChange: (body: FullBody) => void;
  references: ReferenceOption[];
  errors: FieldErrors;
  isReadOnly: boolean;
}

export function JsonTextBody({ body, onChange, references, errors, isReadOnly }: Props) {
  const { t } = useTranslation('requests');
  const [text, setText] = useState(() => textOfBody(body));
  const [isTyping, setTyping] = useState(false);
  const [said, setSaid] = useState(body);
  if (body !== said) {
    // changed elsewhere; the same JSON keeps the form it was written in
    setSaid(body);
    if (textOfBody(bodyOfText(text)) !== textOfBody(body)) setText(textOfBody(body));
  }
  const slip = text.trim() === '' ? null : slipOf(text);
  const told = slip ? t(`json.slips.${slip.slip}`, { line: slip.line, found: slip.found }) : undefined;
  const wrong = slip ? [] : errorsBelow(errors, 'body');
  return (
    <>
      <TemplateField
        label={t('json.text')}
        isLabelHidden
        description={t('json.textHint')}
        value={text}
        onChange={(next) => {
          const made = bodyOfText(next);
          setText(next);
          setTyping(true);
          setSaid(made);
          onChange(made);
        }}
        references={references}
        isMultiline
        language="json"
        readOnly={isReadOnly}
        onBlur={() => setTyping(false)}
        error={isTyping ? undefined : told}
        softError={told}
      />
      {wrong.length > 0 ? (
        <List size="xs" mt={5} c="var(--mantine-color-error)">
          {wrong.map((each) => (
            <List.Item key={each}>
              <Text span size="xs">
                {each}
              </Text>
            </List.Item>
          ))}
        </List>
      ) : null}
    </>
  );
}
