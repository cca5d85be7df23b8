import { extendExpect } from './extend-expect';
import { jestExpect } from './runner';
import './types';

extendExpect(jestExpect());
