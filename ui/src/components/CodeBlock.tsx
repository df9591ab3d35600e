// Text to the letter, with a button that copies it.
import { ActionIcon, Box, CopyButton, ScrollArea, Tooltip } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';

interface Props {
  text: string;
  /** What this is, for people who cannot see it. */
  label: string;
  maxHeight?: number;
  isCopyable?: boolean;
}

export function CodeBlock({ text, label, maxHeight = 360, isCopyable = true }: Props) {
  const { t } = useTranslation();
  return (
    <Box
      pos="relative"
      style={{ background: 'var(--recado-code)', border: '1px solid var(--recado-line)', borderRadius: 8 }}
    >
      <ScrollArea.Autosize mah={maxHeight} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': label }}>
        <pre style={{ margin: 0, padding: '12px 44px 12px 14px', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {text}
        </pre>
      </ScrollArea.Autosize>
      {isCopyable ? (
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? t('copied') : t('copy')}>
              <ActionIcon pos="absolute" top={8} right={8} onClick={copy} aria-label={copied ? t('copied') : t('copy')}>
                {copied ? <Check size={16} /> : <Copy size={16} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      ) : null}
    </Box>
  );
}
