// The words for how things ended, each with a colour and an icon, so that colour is never alone.
import { Badge, type BadgeProps } from '@mantine/core';
import { Ban, CircleCheck, CircleHelp, CircleX, Clock, LoaderCircle, Plug, ShieldAlert } from 'lucide-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';

type Icon = ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
export interface Look {
  color: string;
  icon: Icon;
}

const OUTCOMES: Record<string, Look> = {
  ok: { color: 'jade', icon: CircleCheck },
  running: { color: 'gray', icon: LoaderCircle },
  unknown: { color: 'yellow', icon: CircleHelp },
  timeout: { color: 'orange', icon: Clock },
  network: { color: 'orange', icon: Plug },
  blocked: { color: 'violet', icon: ShieldAlert },
  input_invalid: { color: 'yellow', icon: Ban },
};
const VERDICTS: Record<string, Look> = {
  accepted: { color: 'jade', icon: CircleCheck },
  rejected: { color: 'red', icon: CircleX },
  reached: { color: 'yellow', icon: CircleHelp },
  failed: { color: 'red', icon: CircleX },
};
const FAILED: Look = { color: 'red', icon: CircleX };

/** A word with a colour and an icon. */
export function StateBadge({ look, label, ...rest }: { look: Look; label: string } & BadgeProps) {
  const Icon = look.icon;
  return (
    <Badge color={look.color} leftSection={<Icon size={13} aria-hidden />} {...rest}>
      {label}
    </Badge>
  );
}

/** How an execution ended; null while it runs. */
export function OutcomeBadge({ outcome, ...rest }: { outcome: string | null } & BadgeProps) {
  const { t } = useTranslation();
  const name = outcome ?? 'running';
  return <StateBadge look={OUTCOMES[name] ?? FAILED} label={t(`outcomes.${name}`, { defaultValue: name })} {...rest} />;
}

/** What a credential's test said. */
export function VerdictBadge({ verdict, ...rest }: { verdict: string } & BadgeProps) {
  const { t } = useTranslation();
  return (
    <StateBadge
      look={VERDICTS[verdict] ?? FAILED}
      label={t(`verdicts.${verdict}`, { defaultValue: verdict })}
      {...rest}
    />
  );
}

const METHODS: Record<string, string> = {
  GET: 'blue',
  HEAD: 'blue',
  OPTIONS: 'gray',
  TRACE: 'gray',
  CONNECT: 'gray',
  POST: 'jade',
  PUT: 'orange',
  PATCH: 'orange',
  DELETE: 'red',
};

export function MethodBadge({ method, ...rest }: { method: string } & BadgeProps) {
  return (
    <Badge color={METHODS[method] ?? 'gray'} ff="monospace" {...rest}>
      {method}
    </Badge>
  );
}
