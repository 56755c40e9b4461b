"""From a page to the lines of its legal text: the parts that `read` puts together."""
