<?php
// Hands a request to the example of its name: EXAMPLES=folder php -S 127.0.0.1:8000 serve.php
require getenv('EXAMPLES') . $_SERVER['REQUEST_URI'] . '/webhooks.php';
