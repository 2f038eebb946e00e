import { openApi } from '../../../shared/contract/access.ts';
import { endpoints } from '../../../shared/contract/index.ts';
import { type EndpointHandler, handle } from '../http/handler.ts';
import { perServices } from '../perServices.ts';
import { openApiDocument } from './document.ts';

const documentOf = perServices((services) => openApiDocument(endpoints, services.version));

export const openApiHandler: EndpointHandler = handle(openApi, async (_request, services) => ({
  body: documentOf(services),
}));
