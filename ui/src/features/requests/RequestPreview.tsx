// The exact bytes a request would have, with sample values, while it is being written.
import { useState } from 'react';

import type { Input, Request } from '../../api/schema';
import { PreviewPanel } from './PreviewPanel';
import { useLivePreview, type Values } from './queries';
import { fullRequest, namedInputs } from './request';
import { samplesFor } from './samples';
import { useSteady } from './useSteady';

interface Props {
  integrationId: string;
  value: Request;
  inputs: Input[];
  sampleValues?: Values;
}

const NONE: Values = {};

export function RequestPreview({ integrationId, value, inputs, sampleValues = NONE }: Props) {
  const [typed, setTyped] = useState<Values>(NONE);
  const request = useSteady(fullRequest(value));
  const named = useSteady(namedInputs(inputs));
  const values = useSteady(samplesFor(named, sampleValues, typed));
  const preview = useLivePreview(integrationId, named, request, values);
  return (
    <PreviewPanel integrationId={integrationId} inputs={named} preview={preview} values={values} onValues={setTyped} />
  );
}
