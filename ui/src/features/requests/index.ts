// The request editor and its preview, for every page that has a request.
export { emptyRequest } from './request';
export { RequestEditor } from './RequestEditor';
export { RequestPreview } from './RequestPreview';
