"""Frame: how people come in: what allauth is told, which no installation sets otherwise."""

SETTINGS = {
    "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
    "ACCOUNT_ADAPTER": "ropo_portal.accounts.adapter.ClosedSignUpAdapter",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_SESSION_REMEMBER": False,
    "ACCOUNT_LOGOUT_ON_GET": False,
    "ACCOUNT_PRESERVE_USERNAME_CASING": False,
    # Links in letters, to choose a password: once, and within half an hour.
    "PASSWORD_RESET_TIMEOUT": 30 * 60,
    # A second step: an app that counts time, a passkey, and codes on paper for the day both are lost.
    "MFA_ADAPTER": "ropo_portal.accounts.adapter.SealedFactorsAdapter",
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
    "MFA_TOTP_ISSUER": "Ropo portal",
    "MFA_RECOVERY_CODES_SHOW_ONCE": True,
    # Nobody signs herself up, so an address that was never confirmed blocks nobody else's.
    "MFA_ALLOW_UNVERIFIED_EMAIL": True,
    "MFA_FORMS": {
        "activate_totp": "ropo_portal.accounts.forms.SetUpAppForm",
        "authenticate": "ropo_portal.accounts.forms.SecondStepForm",
        "reauthenticate": "ropo_portal.accounts.forms.SecondStepAgainForm",
    },
}
