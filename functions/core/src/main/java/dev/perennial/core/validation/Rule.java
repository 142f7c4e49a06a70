package dev.perennial.core.validation;

import java.util.List;

/** One thing that is checked. */
interface Rule {
    List<Finding> check(Subject subject);
}
