// The name of a row, which leads to its page.
import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

export const RowLink = createLink(function RowAnchor(props: AnchorProps) {
  return <Anchor size="sm" fw={600} className="breaks" {...props} />;
});
