import { matchers } from '../matchers';
import { jestExpect } from './runner';
import './types';

jestExpect().extend(matchers);
