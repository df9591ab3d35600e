// A text with its references shown as small pieces, to read.
import { Fragment, useMemo } from 'react';

import { readTemplate } from '../../components/TemplateField/grammar';
import classes from './flows.module.css';

export function TemplateText({ text }: { text: string }) {
  const parts = useMemo(() => readTemplate(text), [text]);
  return (
    <>
      {parts.map((part) =>
        part.kind === 'reference' ? (
          <span key={part.from} className={classes.chip}>
            {part.name}
          </span>
        ) : (
          <Fragment key={part.from}>{part.kind === 'literal' ? part.text : part.written}</Fragment>
        ),
      )}
    </>
  );
}
