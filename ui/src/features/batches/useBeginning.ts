// What a page knows of the conversations that it is to begin: its flows and templates, and what was chosen of them.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { flowChoicesQuery, versionQuery } from '../flows/queries';
import { templatesQuery } from '../templates/queries';
import { isApproved, keyOf, shapeOf } from '../templates/template';
import { missing, NO_BEGIN, slipsOf, templateOf, unreadable, type Begin } from './begin';
import { isOfColumn } from './people';

export function useBeginning(channelId: string) {
  const [begin, setBegin] = useState<Begin>(NO_BEGIN);
  const flows = useQuery(flowChoicesQuery);
  const templates = useQuery({ ...templatesQuery(channelId), enabled: channelId !== '' });
  const published = flows.data?.find(({ id }) => id === begin.flow_id)?.published_version ?? null;
  const version = useQuery({ ...versionQuery(begin.flow_id, published ?? 0), enabled: published !== null });
  const sendable = (templates.data?.items ?? []).filter((each) => isApproved(each) && shapeOf(each).unfit === null);
  const template = sendable.find((each) => keyOf(each) === begin.template);
  const shape = template ? shapeOf(template) : null;
  const variables = version.data?.definition.variables ?? [];
  const same = variables.filter(({ key }) => !isOfColumn(begin.variables[key]));
  const wrong = unreadable(begin, same, []);
  const slips = slipsOf(begin, shape);
  return {
    begin,
    set: (part: Partial<Begin>) => setBegin((now) => ({ ...now, ...part })),
    flows,
    templates,
    sendable,
    /** What the chosen template says; null where there is none. */
    shape,
    /** What the server is told of it. */
    template: templateOf(begin, template, shape),
    variables,
    /** The keys of variables whose text does not read as their type. */
    wrong,
    /** What is wrong with values of the template. */
    slips,
    isWhole:
      published !== null &&
      version.isSuccess &&
      missing(begin, shape).length === 0 &&
      Object.keys(slips).length === 0 &&
      wrong.length === 0,
  };
}

export type Beginning = ReturnType<typeof useBeginning>;
