// A sentence whose parts between backticks are shown as code.
import { Code } from '@mantine/core';

export function WithCode({ text }: { text: string }) {
  return <>{text.split('`').map((part, place) => (place % 2 ? <Code key={part}>{part}</Code> : part))}</>;
}
