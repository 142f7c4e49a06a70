package dev.perennial.core.validation;

import java.util.List;

/**
 * One thing that is checked. Its findings are as serious as it says, unless the spec says other.
 */
interface Rule {
    List<Finding> check(Subject subject);
}
