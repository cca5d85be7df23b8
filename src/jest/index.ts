import { extendExpect } from './extend-expect';
import { jestExpect } from './hooks';
import './types';

extendExpect(jestExpect());
