// An integration's picture as the server fetched it, or its initials; a picture that fails is no error.
import { Box, ThemeIcon } from '@mantine/core';
import { Plug } from 'lucide-react';
import { useState } from 'react';

import { at } from '../../base';
import { colourOf, initialsOf } from './initials';
import classes from './integrations.module.css';

interface Props {
  name: string;
  /** The saved integration whose picture is shown. */
  integrationId?: string;
  logoUrl?: string | null;
  size?: number;
}

export function Logo({ name, integrationId, logoUrl, size = 40 }: Props) {
  // The address carries what the picture depends on, so that a new logo does not wait for the old one to expire.
  const source =
    integrationId && logoUrl
      ? at(`/api/v1/integrations/${integrationId}/logo?of=${encodeURIComponent(logoUrl)}`)
      : null;
  const [failed, setFailed] = useState<string | null>(null);
  if (source !== null && failed !== source) {
    return (
      <Box className={classes.logo} w={size} h={size}>
        <img
          src={source}
          alt=""
          width={size}
          height={size}
          loading="lazy"
          decoding="async"
          onError={() => setFailed(source)}
        />
      </Box>
    );
  }
  const initials = initialsOf(name);
  return (
    <ThemeIcon
      size={size}
      radius="md"
      variant="light"
      color={colourOf(name)}
      fz={size * 0.38}
      fw={650}
      style={{ flexShrink: 0 }}
      aria-hidden
    >
      {initials || <Plug size={size * 0.5} />}
    </ThemeIcon>
  );
}
