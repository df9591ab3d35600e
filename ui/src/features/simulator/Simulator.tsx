// Tries a flow in a chat that looks like the real one, and shows beside it what happens: path, values, calls, controls.
import { Tabs } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { MessageCircle, PhoneCall, Route, SlidersHorizontal, Variable } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { PathStep } from '../../api/schema';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { CallsPanel } from './CallsPanel';
import { Chat } from './Chat';
import { ControlsPanel } from './ControlsPanel';
import { Mailbox } from './Mailbox';
import { PathPanel } from './PathPanel';
import classes from './simulator.module.css';
import type { Version } from './types';
import { useSimulator } from './useSimulator';
import { useWalked } from './useWalked';
import { ValuesPanel } from './ValuesPanel';

interface Props {
  flowId: string;
  version: Version;
  /** Called with the block the conversation stands at. */
  onBlock?: (blockId: string | null) => void;
  /** Called with the way so far, whenever it goes on. */
  onVisited?: (path: PathStep[]) => void;
}

type Tab = 'chat' | 'path' | 'values' | 'calls' | 'controls';
const ICONS = { chat: MessageCircle, path: Route, values: Variable, calls: PhoneCall, controls: SlidersHorizontal };
const BESIDE_FROM = 860;
const NO_PATH: PathStep[] = [];

export function Simulator({ flowId, version, onBlock, onVisited }: Props) {
  const { t } = useTranslation('simulator');
  const { ref, width } = useElementSize();
  const simulating = useSimulator(flowId, version);
  const walked = useWalked(flowId, version);
  const [tab, setTab] = useState<Tab | null>(null);
  const [openCall, setOpenCall] = useState<number | null>(null);
  const [text, setText] = useState('');
  const { begun, details, blockId } = simulating;
  const definition = walked.data?.definition;
  const path = details.data?.path ?? NO_PATH;
  const isBeside = width >= BESIDE_FROM;
  const tabs: Tab[] = isBeside
    ? ['path', 'values', 'calls', 'controls']
    : ['chat', 'path', 'values', 'calls', 'controls'];
  const shown = tab && tabs.includes(tab) ? tab : tabs[0]!;

  useEffect(() => {
    onBlock?.(blockId);
  }, [blockId, onBlock]);
  useEffect(() => {
    onVisited?.(path);
  }, [path, onVisited]);

  const mailbox = (
    <Mailbox
      definition={definition}
      values={details.data?.outputs}
      onUse={(code) => {
        setText(code);
        if (!isBeside) setTab('chat');
      }}
    />
  );
  const chat = begun.isError ? (
    <ErrorPanel error={begun.error} title={t('notBegun')} onRetry={() => void simulating.restart(simulating.start)} />
  ) : (
    <Chat
      simulating={simulating}
      flowName={walked.data?.name ?? ''}
      definition={definition}
      text={text}
      onText={setText}
      onOpenCall={(visit) => {
        setOpenCall(visit);
        setTab('calls');
      }}
      banner={isBeside ? null : mailbox}
    />
  );

  return (
    <div ref={ref} style={{ height: '100%', minHeight: 0 }}>
      <div className={isBeside ? classes.both : classes.narrow}>
        {isBeside ? chat : null}
        <div className={isBeside ? classes.beside : classes.narrow} style={{ flex: 1 }}>
          {isBeside ? mailbox : null}
          <Tabs
            value={shown}
            onChange={(value) => setTab(value as Tab)}
            keepMounted={false}
            className={classes.tabs}
            mt={isBeside ? 'xs' : 0}
          >
            <Tabs.List aria-label={t('tabs.label')} className={classes.tabList}>
              {tabs.map((name) => {
                const Icon = ICONS[name];
                return (
                  <Tabs.Tab key={name} value={name} leftSection={isBeside ? <Icon size={15} aria-hidden /> : null}>
                    {t(`tabs.${name}`)}
                  </Tabs.Tab>
                );
              })}
            </Tabs.List>
            {isBeside ? null : (
              <Tabs.Panel value="chat" className={classes.panel}>
                {chat}
              </Tabs.Panel>
            )}
            <Tabs.Panel value="path" className={classes.panel}>
              <PathPanel definition={definition} path={path} blockId={blockId} />
            </Tabs.Panel>
            <Tabs.Panel value="values" className={classes.panel}>
              {details.data ? <ValuesPanel conversation={details.data} /> : <Loading rows={3} />}
            </Tabs.Panel>
            <Tabs.Panel value="calls" className={classes.panel}>
              <CallsPanel path={path} definition={definition} open={openCall} onOpen={setOpenCall} />
            </Tabs.Panel>
            <Tabs.Panel value="controls" className={classes.panel}>
              <ControlsPanel simulating={simulating} definition={definition} />
            </Tabs.Panel>
          </Tabs>
        </div>
      </div>
    </div>
  );
}
